import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient, resources } from "@portcullis/kube";

/** An API server on a socket of its own, and a client of it. */
export class TestApi {
  readonly client: HttpKubeClient;
  readonly #folder = mkdtempSync(join(tmpdir(), "portcullis-agent-"));
  readonly #socketPath = join(this.#folder, "api.sock");
  #server: ApiServer | undefined;

  private constructor() {
    this.client = new HttpKubeClient({ socketPath: this.#socketPath });
  }

  static async open(): Promise<TestApi> {
    const api = new TestApi();
    await api.begin();
    return api;
  }

  /** A new server, which knows nothing of what one before it was told. */
  async begin(): Promise<void> {
    this.#server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
    await this.#server.listen({ socketPath: this.#socketPath });
  }

  /** The server goes; nobody answers any more. */
  async end(): Promise<void> {
    await this.#server?.close();
  }

  async close(): Promise<void> {
    this.client.close();
    await this.end();
    rmSync(this.#folder, { recursive: true });
  }

  /** Of the namespace default, and running. */
  async createPod(name: string, ip: string, nodeName = "node-1"): Promise<void> {
    const pod = await this.client.create(resources.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { nodeName, containers: [{ name: "c", image: "nginx" }] },
    });
    const status = { phase: "Running", podIPs: [{ ip }] };
    await this.client.update(resources.pods, { ...pod, status }, "status");
  }
}
