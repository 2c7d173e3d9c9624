import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpKubeClient, type KubeObject } from "@portcullis/kube";
import { ApiServer, type ApiServerOptions } from "../api-server.ts";

export interface RunningApi {
  readonly server: ApiServer;
  readonly client: HttpKubeClient;
  readonly socketPath: string;
  stop(): Promise<void>;
}

/** A server on a socket in a directory of its own, at a fixed time. */
export async function startApi(options: Partial<ApiServerOptions> = {}): Promise<RunningApi> {
  const directory = mkdtempSync(join(tmpdir(), "portcullis-api-"));
  const socketPath = join(directory, "api.sock");
  const server = new ApiServer({
    clusterCidrs: { services: ["10.96.0.0/16", "fd00:96::/112"] },
    clock: () => new Date("2026-01-02T03:04:05.678Z"),
    ...options,
  });
  await server.listen({ socketPath });
  const client = new HttpKubeClient({ socketPath });
  return {
    server,
    client,
    socketPath,
    async stop() {
      client.close();
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export function pod(
  name: string,
  more: { labels?: Record<string, string>; namespace?: string } = {},
): KubeObject {
  const { labels = { run: name }, namespace = "default" } = more;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { containers: [{ name, image: "nginx", ports: [{ containerPort: 80 }] }] },
  };
}

export function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function service(name: string, spec: Record<string, unknown> = {}): KubeObject {
  const ports = [{ port: 80 }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports, ...spec },
  };
}

export function policy(name: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "default" },
    spec,
  };
}
