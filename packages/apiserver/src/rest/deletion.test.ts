import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

const { pods, configmaps } = resources;
const podsPath = "/api/v1/namespaces/default/pods";
const mapsPath = "/api/v1/namespaces/default/configmaps";

let api: RunningApi;
let now: Date;
beforeEach(async () => {
  now = new Date("2026-01-02T03:04:05Z");
  api = await startApi({ clock: () => now });
});
afterEach(() => api.stop());

const send = (method: string, path: string, body?: unknown) => jsonRequest(api, method, path, body);

/** A pod that runs on a node, which has to end it. */
async function runningPod(name: string) {
  const object = pod(name);
  return api.client.create(pods, { ...object, spec: { ...(object.spec as object), nodeName: "n1" } });
}

const map = (name: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ...metadata },
});

describe("grace", () => {
  it("marks a pod for its time, which a second deletion can shorten but not lengthen", async () => {
    await runningPod("web");
    const { body: marked } = await send("DELETE", `${podsPath}/web`);
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: "2026-01-02T03:04:35Z",
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    const { resourceVersion } = marked.metadata;
    expect((await send("DELETE", `${podsPath}/web`)).body.metadata).toMatchObject({ resourceVersion });
    const longer = await send("DELETE", `${podsPath}/web?gracePeriodSeconds=60`);
    expect(longer.body.metadata).toMatchObject({ resourceVersion, deletionGracePeriodSeconds: 30 });
    now = new Date("2026-01-02T03:04:10Z");
    const shorter = await send("DELETE", `${podsPath}/web`, { gracePeriodSeconds: 10 });
    expect(shorter.body.metadata).toMatchObject({
      deletionTimestamp: "2026-01-02T03:04:15Z",
      deletionGracePeriodSeconds: 10,
      generation: 2,
    });
    const gone = await send("DELETE", `${podsPath}/web`, { gracePeriodSeconds: 0 });
    expect(Number(gone.body.metadata.resourceVersion)).toBe(api.server.store.revision);
    expect((await send("GET", `${podsPath}/web`)).code).toBe(404);
  });

  it("is nothing for a pod without a node, for other kinds, and when none is asked for", async () => {
    await api.client.create(pods, pod("unbound"));
    await runningPod("forced");
    await api.client.create(configmaps, map("map"));
    for (const path of [
      `${podsPath}/unbound`,
      `${podsPath}/forced?gracePeriodSeconds=0`,
      `${mapsPath}/map`,
    ]) {
      expect((await send("DELETE", path)).code).toBe(200);
      expect((await send("GET", path)).code).toBe(404);
    }
  });

  it("is not something that a client can write", async () => {
    const created = await runningPod("web");
    const forged = {
      ...created.metadata,
      deletionTimestamp: "2026-01-02T03:04:05Z",
      deletionGracePeriodSeconds: 0,
    };
    const kept = await api.client.update(pods, { ...created, metadata: forged });
    expect(kept.metadata).not.toHaveProperty("deletionTimestamp");
    await api.client.delete(pods, "web", "default");
    const { deletionTimestamp: _, ...unmarked } = (await api.client.get(pods, "web", "default")).metadata;
    const still = await api.client.update(pods, { ...created, metadata: unmarked });
    expect(still.metadata).toHaveProperty("deletionTimestamp");
  });

  it("follows an eviction", async () => {
    await runningPod("web");
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web" } };
    const dry = await send("POST", `${podsPath}/web/eviction?dryRun=All`, eviction);
    expect(dry).toMatchObject({ code: 201, body: { kind: "Status", status: "Success" } });
    expect((await api.client.get(pods, "web", "default")).metadata).not.toHaveProperty("deletionTimestamp");
    await send("POST", `${podsPath}/web/eviction`, { ...eviction, deleteOptions: { gracePeriodSeconds: 7 } });
    expect((await api.client.get(pods, "web", "default")).metadata.deletionGracePeriodSeconds).toBe(7);
  });
});

describe("finalizers", () => {
  it("hold an object until the last of them is taken away", async () => {
    const created = await api.client.create(configmaps, map("held", { finalizers: ["a/b", "c/d"] }));
    const marked = await api.client.delete(configmaps, "held", "default");
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: "2026-01-02T03:04:05Z",
      deletionGracePeriodSeconds: 0,
    });
    const more = { ...marked.metadata, finalizers: ["a/b", "c/d", "e/f"] };
    await expect(api.client.update(configmaps, { ...created, metadata: more })).rejects.toMatchObject({
      code: 422,
      message:
        'ConfigMap "held" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object ' +
        'is being deleted, found new finalizers []string{"e/f"}',
    });
    const one = { ...marked.metadata, finalizers: ["c/d"] };
    const { metadata } = await api.client.update(configmaps, { ...created, metadata: one });
    expect(metadata.finalizers).toEqual(["c/d"]);
    await api.client.update(configmaps, { ...created, metadata: { ...metadata, finalizers: [] } });
    await expect(api.client.get(configmaps, "held", "default")).rejects.toMatchObject({ code: 404 });
  });

  it("keep a pod beyond its grace", async () => {
    const { metadata } = await runningPod("web");
    const held = { ...(await api.client.get(pods, "web", "default")) };
    const stored = await api.client.update(pods, { ...held, metadata: { ...metadata, finalizers: ["a/b"] } });
    await api.client.delete(pods, "web", "default");
    const ended = await api.client.delete(pods, "web", "default", { gracePeriodSeconds: 0 });
    expect(ended.metadata).toMatchObject({ deletionGracePeriodSeconds: 0, finalizers: ["a/b"] });
    const { resourceVersion: _, ...rest } = ended.metadata;
    await api.client.update(pods, { ...stored, metadata: { ...rest, finalizers: [] } });
    await expect(api.client.get(pods, "web", "default")).rejects.toMatchObject({ code: 404 });
  });

  it.each([
    [{ propagationPolicy: "Foreground" }, ["x/y", "foregroundDeletion"]],
    [{ propagationPolicy: "Orphan" }, ["x/y", "orphan"]],
    [{ orphanDependents: true }, ["x/y", "orphan"]],
    [{ orphanDependents: false }, ["x/y"]],
    [{ propagationPolicy: "Background" }, ["x/y"]],
    [{}, ["x/y", "orphan"]],
  ])("say how the garbage collector has to go on: %j", async (options, finalizers) => {
    const initial = Object.keys(options).length === 0 ? ["x/y", "orphan"] : ["x/y", "foregroundDeletion"];
    await api.client.create(configmaps, map("owner", { finalizers: initial }));
    const { body } = await send("DELETE", `${mapsPath}/owner`, options);
    expect(body.metadata.finalizers).toEqual(finalizers);
  });

  it("are asked for in one way only", async () => {
    await api.client.create(configmaps, map("owner"));
    const both = { propagationPolicy: "Orphan", orphanDependents: true };
    expect((await send("DELETE", `${mapsPath}/owner`, both)).body.message).toBe(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and ' +
        "deletionPropagation cannot be both set",
    );
  });
});

describe("a collection", () => {
  it("goes as far as it is selected, each object by its own rules", async () => {
    await runningPod("a");
    await api.client.create(pods, pod("b", { labels: { tier: "back" } }));
    await api.client.create(pods, pod("c", { labels: { tier: "back" } }));
    const dry = await send("DELETE", `${podsPath}?dryRun=All`);
    expect(dry.body.items).toHaveLength(3);
    const some = await send("DELETE", `${podsPath}?labelSelector=tier%3Dback`);
    expect(some.body).toMatchObject({
      kind: "PodList",
      items: [{ metadata: { name: "b" } }, { metadata: { name: "c" } }],
    });
    await send("DELETE", podsPath);
    const left = (await api.client.list(pods)).items.map(({ metadata }) => [
      metadata.name,
      metadata.deletionGracePeriodSeconds,
    ]);
    expect(left).toEqual([["a", 30]]);
  });
});

describe("a dry run", () => {
  it("answers as if, and writes nothing", async () => {
    const { revision } = api.server.store;
    const created = await send("POST", `${podsPath}?dryRun=All`, pod("web"));
    expect(created).toMatchObject({
      code: 201,
      body: { metadata: { uid: expect.any(String) }, status: { phase: "Pending" } },
    });
    expect(created.body.metadata).not.toHaveProperty("resourceVersion");
    expect(api.server.store.revision).toBe(revision);
    const stored = await api.client.create(configmaps, map("m"));
    const changed = await send("PUT", `${mapsPath}/m?dryRun=All`, { ...stored, data: { a: "b" } });
    expect(changed).toMatchObject({ code: 200, body: { data: { a: "b" } } });
    const patched = await jsonRequest(
      api,
      "PATCH",
      `${mapsPath}/m?dryRun=All`,
      { data: { a: "c" } },
      {
        "content-type": "application/merge-patch+json",
      },
    );
    expect(patched.body.data).toEqual({ a: "c" });
    expect((await send("DELETE", `${mapsPath}/m`, { dryRun: ["All"] })).code).toBe(200);
    expect(await api.client.get(configmaps, "m", "default")).toEqual(stored);
    expect((await send("POST", `${podsPath}?dryRun=Most`, pod("web"))).body.message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Most"]: supported values: "All"',
    );
  });

  it("takes no address from a Service that comes later", async () => {
    const path = "/api/v1/namespaces/default/services";
    const service = (name: string) => ({ metadata: { name }, spec: { ports: [{ port: 80 }] } });
    const dry = await send("POST", `${path}?dryRun=All`, service("a"));
    const real = await send("POST", path, service("b"));
    expect(real.body.spec.clusterIPs).toEqual(dry.body.spec.clusterIPs);
    const outside = { ...real.body, spec: { type: "ExternalName", externalName: "example.com" } };
    expect((await send("PUT", `${path}/b?dryRun=All`, outside)).body.spec).not.toHaveProperty("clusterIP");
    const next = await send("POST", path, service("c"));
    expect(next.body.spec.clusterIP).not.toBe(real.body.spec.clusterIP);
  });
});
