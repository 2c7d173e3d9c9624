import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from "@kubernetes/client-node";
import { ApiServer } from "@portcullis/apiserver";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

// The official client's informer against a server that forgets and a server that comes back.

let server: ApiServer;
let port: number;
const namespace = "default";
const config = new KubeConfig();

async function start(at: number): Promise<void> {
  server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] }, history: 4 });
  const address = await server.listen({ host: "127.0.0.1", port: at });
  port = (address as { port: number }).port;
}

beforeEach(async () => {
  await start(0);
  config.loadFromOptions({
    clusters: [{ name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true }],
    users: [{ name: "u" }],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
});

afterEach(() => server.close());

function create(name: string): void {
  const configMaps = server.registry.find("", "v1", "configmaps")!;
  server.registry.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name } }, namespace);
}

test("it ends up with what there is, through 410 and through a server that was away", async () => {
  const core = config.makeApiClient(CoreV1Api);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const informer = makeInformer<V1ConfigMap>(config, path, () => core.listNamespacedConfigMap({ namespace }));
  const names = () => informer.list().map(({ metadata }) => metadata!.name);
  // Who uses this informer starts it anew after an error: its documentation says so.
  informer.on("error", () => setTimeout(() => void informer.start().catch(() => {}), 100));
  create("first");
  await informer.start();
  try {
    await vi.waitFor(() => expect(names()).toEqual(["first"]));

    // Its watch is overtaken: the changes since its revision are forgotten.
    server.store.compact(server.store.revision);
    for (let i = 0; i < 20; i++) create(`many-${i}`);
    server.store.compact(server.store.revision);
    await vi.waitFor(() => expect(names()).toHaveLength(21));

    // The server goes and comes back on the same port, knowing nothing of what was.
    await server.close();
    await start(port);
    create("after");
    await vi.waitFor(() => expect(names()).toEqual(["after"]));
  } finally {
    await informer.stop();
  }
}, 60_000);
