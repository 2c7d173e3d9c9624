import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient, type KubeObject, type Resource, resources } from "@portcullis/kube";
import { vi } from "vitest";
import { FakeKubelet } from "./fake-kubelet.testing.ts";
import { type ControllersOptions, startControllers } from "./start-controllers.ts";

export interface World {
  readonly client: HttpKubeClient;
  readonly kubelet: FakeKubelet;
  /** What the controllers logged. */
  readonly log: readonly string[];
  list(resource: Resource, namespace?: string): Promise<readonly KubeObject[]>;
  get(resource: Resource, name: string, namespace?: string): Promise<KubeObject>;
  create(resource: Resource, object: object): Promise<KubeObject>;
  /** Changes an object as a user would, again when somebody else was faster. */
  edit(resource: Resource, name: string, change: (object: never) => object): Promise<KubeObject>;
  delete(resource: Resource, name: string, options?: object): Promise<void>;
  /** Reasons and messages of the Events, in the order they were written. */
  events(name?: string): Promise<readonly string[]>;
  /** Retries until it passes. */
  eventually<T>(check: () => Promise<T> | T): Promise<T>;
  stop(): Promise<void>;
}

/** A real API server with the controllers, and a kubelet that only writes status. */
export async function startWorld(
  options: Partial<ControllersOptions> & { readonly controllers?: boolean } = {},
): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), "portcullis-controllers-"));
  const socketPath = join(directory, "api.sock");
  const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16", "fd00:10:96::/112"] } });
  await server.listen({ socketPath });
  const client = new HttpKubeClient({ socketPath });
  const log: string[] = [];
  const kubelet = new FakeKubelet(client);
  await kubelet.start();
  const controllers =
    options.controllers === false
      ? undefined
      : startControllers({ client, log: (line) => log.push(line), ...options });
  const list = async (resource: Resource, namespace = "default") =>
    (await client.list(resource, resource.namespaced ? { namespace } : {})).items;
  return {
    client,
    kubelet,
    log,
    list,
    get: (resource, name, namespace = "default") =>
      client.get(resource, name, resource.namespaced ? namespace : undefined),
    create: (resource, object) => client.create(resource, object as KubeObject),
    edit: (resource, name, change) => edit(client, resource, name, change),
    delete: async (resource, name, deletion = {}) => {
      await client.delete(resource, name, resource.namespaced ? "default" : undefined, deletion);
    },
    events: async (name) => {
      const events = await list(resources.events);
      return events
        .filter((event) => name === undefined || (event.involvedObject as { name: string }).name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map(({ reason, message }) => `${reason} ${message}`);
    },
    eventually: (check) => vi.waitFor(check, { timeout: 20_000, interval: 10 }),
    async stop() {
      controllers?.stop();
      kubelet.stop();
      await server.close();
      client.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function edit(
  client: HttpKubeClient,
  resource: Resource,
  name: string,
  change: (object: never) => object,
): Promise<KubeObject> {
  for (let attempt = 0; ; attempt++) {
    const object = await client.get(resource, name, resource.namespaced ? "default" : undefined);
    try {
      return await client.update(resource, change(structuredClone(object) as never) as KubeObject);
    } catch (error) {
      if (attempt > 50) throw error;
    }
  }
}
