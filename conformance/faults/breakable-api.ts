import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient } from "@portcullis/kube";

/** An API server whose clients come through a socket that can be broken. */
export class BreakableApi {
  /** Not through the breakable socket. */
  readonly client: HttpKubeClient;
  /** Where the agent connects. */
  readonly socketPath: string;
  readonly #folder: string;
  readonly #api: ApiServer;
  readonly #connections = new Set<Socket>();
  #door: Server | undefined;

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "portcullis-faults-"));
    this.#api = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
    this.socketPath = join(this.#folder, "door.sock");
    this.client = new HttpKubeClient({ socketPath: join(this.#folder, "api.sock") });
  }

  static async open(): Promise<BreakableApi> {
    const api = new BreakableApi();
    await api.#api.listen({ socketPath: join(api.#folder, "api.sock") });
    await api.openDoor();
    return api;
  }

  /** Breaks every connection; new ones are taken. */
  breakConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Forgets all history, so that whoever comes back with an old position gets 410 Gone. */
  compact(): void {
    this.#api.store.compact(this.#api.store.revision);
  }

  /** Breaks every connection and takes no new one. */
  async closeDoor(): Promise<void> {
    const closed = new Promise((resolve) => this.#door?.close(resolve));
    this.breakConnections();
    await closed;
  }

  async openDoor(): Promise<void> {
    this.#door = createServer((near) => {
      const far = connect(join(this.#folder, "api.sock"));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#connections.add(one);
        one
          .on("error", () => {})
          .on("close", () => {
            this.#connections.delete(one);
            other.destroy();
          });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => this.#door?.listen(this.socketPath, resolve));
  }

  async close(): Promise<void> {
    this.client.close();
    await this.closeDoor();
    await this.#api.close();
    rmSync(this.#folder, { recursive: true });
  }
}
