import { type Applied, apply, type KubeObject, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it } from "vitest";
import { namespace, pod, policy, type RunningApi, service, startApi } from "./api.testing.ts";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const results = async (...objects: KubeObject[]): Promise<string> => {
  const applied: Applied[] = [];
  for (const object of objects) applied.push(await apply(api.client, object));
  return applied.map(({ result }) => result).join();
};

it("creates, then has nothing to do, for every kind", async () => {
  const objects = [
    namespace("team"),
    pod("web", { namespace: "team" }),
    service("web"),
    policy("p", { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
    { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } },
  ];
  expect(await results(...objects)).toBe("created,created,created,created,created");
  const { revision } = api.server.store;
  expect(await results(...objects)).toBe("unchanged,unchanged,unchanged,unchanged,unchanged");
  expect(api.server.store.revision).toBe(revision);
});

it("changes what is asked, keeps what others wrote, drops what is asked no more", async () => {
  const labelled = (labels: Record<string, string>) => pod("web", { labels });
  await apply(api.client, labelled({ a: "1", b: "1" }));
  const stored = await api.client.get(resources.pods, "web", "default");
  const labels = { ...stored.metadata.labels, other: "x" };
  const spec = { ...(stored.spec as object), nodeName: "n1" };
  const bound = await api.client.update(resources.pods, {
    ...stored,
    spec,
    metadata: { ...stored.metadata, labels },
  });
  await api.client.update(resources.pods, { ...bound, status: { phase: "Running" } }, "status");

  const { result, object } = await apply(api.client, labelled({ a: "2" }));
  expect(result).toBe("configured");
  expect(object.metadata.labels).toEqual({ a: "2", other: "x" });
  expect(object).toMatchObject({ spec: { nodeName: "n1" }, status: { phase: "Running" } });
});

it("leaves the annotation that kubectl apply reads", async () => {
  const { object } = await apply(api.client, policy("p", { podSelector: {} }));
  const last = object.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"];
  expect(JSON.parse(last!)).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { annotations: {}, name: "p", namespace: "default" },
    spec: { podSelector: {} },
  });
});

it("gets through when others write at the same time", async () => {
  const versions = Array.from({ length: 4 }, (_, i) => pod("web", { labels: { version: String(i) } }));
  const applied = await Promise.all(versions.map((object) => apply(api.client, object)));
  expect(applied.filter(({ result }) => result === "created")).toHaveLength(1);
  expect(applied.filter(({ result }) => result === "configured")).toHaveLength(3);
});

it("passes refusals on, and says which kind it does not know", async () => {
  await expect(apply(api.client, pod("web", { namespace: "gone" }))).rejects.toMatchObject({ code: 404 });
  const unknown = { apiVersion: "example.org/v1", kind: "Thing", metadata: { name: "t" } };
  await expect(apply(api.client, unknown)).rejects.toThrow("no kind Thing in example.org/v1 is known");
});

it("applies an object too large for the annotation without it, and drops an older annotation", async () => {
  const rules = (count: number) =>
    policy("big", {
      podSelector: {},
      ingress: Array.from({ length: count }, (_, i) => ({ ports: [{ port: i + 1 }] })),
    });
  const annotation = "kubectl.kubernetes.io/last-applied-configuration";
  const small = await apply(api.client, rules(1));
  expect(small.object.metadata.annotations).toHaveProperty([annotation]);
  const big = await apply(api.client, rules(20_000));
  expect(big.result).toBe("configured");
  expect(Object.keys(big.object.metadata.annotations ?? {})).not.toContain(annotation);
  expect((await apply(api.client, rules(20_000))).result).toBe("unchanged");
  expect((await apply(api.client, rules(2))).object.spec).toMatchObject({ ingress: { length: 2 } });
});
