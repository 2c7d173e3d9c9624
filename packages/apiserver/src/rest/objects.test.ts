import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { namespace, pod, policy, type RunningApi, startApi } from "./api.testing.ts";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const { pods, namespaces, nodes, networkpolicies } = resources;

describe("objects over REST", () => {
  it("creates with the server's own metadata and with defaults", async () => {
    const created = await api.client.create(pods, pod("web"));
    expect(created.metadata).toMatchObject({
      name: "web",
      namespace: "default",
      generation: 1,
      creationTimestamp: "2026-01-02T03:04:05Z",
    });
    expect(created.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(created.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
    expect(created.spec).toMatchObject({
      restartPolicy: "Always",
      containers: [{ ports: [{ containerPort: 80, protocol: "TCP" }] }],
    });
    expect(await api.client.get(pods, "web", "default")).toEqual(created);
  });

  it("has no metadata with nothing in it", async () => {
    const empty = { labels: {}, annotations: {}, ownerReferences: [], finalizers: [] };
    const sent = { ...pod("web"), metadata: { name: "web", namespace: "default", ...empty } };
    const made = await api.client.create(pods, sent);
    const labelled = { ...made, metadata: { ...made.metadata, labels: { a: "b" } } };
    const changed = await api.client.update(pods, labelled);
    expect(changed.metadata).toMatchObject({ labels: { a: "b" } });
    const bare = await api.client.update(pods, { ...changed, metadata: { ...changed.metadata, ...empty } });
    for (const { metadata } of [made, bare])
      expect(Object.keys(empty).filter((field) => field in metadata)).toEqual([]);
  });

  it("makes a name up from generateName", async () => {
    const { name: _, ...metadata } = pod("x").metadata;
    const sent = { ...pod("x"), metadata: { ...metadata, generateName: "web-" } };
    const created = await api.client.create(pods, sent as never);
    expect(created.metadata.name).toMatch(/^web-[b-df-hj-np-tv-z2-9]{5}$/);
  });

  it("lists one namespace or all, sorted, at a revision that counts every write", async () => {
    await api.client.create(namespaces, namespace("a"));
    for (const [name, at] of [
      ["z", "default"],
      ["y", "a"],
      ["b", "default"],
    ] as const) {
      await api.client.create(pods, pod(name, { namespace: at }));
    }
    const all = await api.client.list(pods);
    expect(all.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      "a/y",
      "default/b",
      "default/z",
    ]);
    const one = await api.client.list(pods, { namespace: "default" });
    expect(one.items.map(({ metadata }) => metadata.name)).toEqual(["b", "z"]);
    expect(one.resourceVersion).toBe(String(api.server.store.revision));
    expect((await api.client.list(pods, { namespace: "nowhere" })).items).toEqual([]);
  });

  it("selects by labels and by fields", async () => {
    for (const [name, tier] of [
      ["a", "front"],
      ["b", "back"],
      ["c", "back"],
    ] as const) {
      await api.client.create(pods, pod(name, { labels: { tier } }));
    }
    const names = async (query: { labelSelector?: string; fieldSelector?: string }) =>
      (await api.client.list(pods, query)).items.map(({ metadata }) => metadata.name).join();
    expect(await names({ labelSelector: "tier=back" })).toBe("b,c");
    expect(await names({ labelSelector: "tier in (front,side)" })).toBe("a");
    expect(await names({ labelSelector: "!tier" })).toBe("");
    expect(await names({ fieldSelector: "metadata.name=b" })).toBe("b");
    expect(await names({ fieldSelector: "status.phase=Pending,metadata.name!=b" })).toBe("a,c");
    expect(await names({ fieldSelector: "spec.nodeName=n1" })).toBe("");
    await expect(names({ fieldSelector: "spec.color=red" })).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining("field label not supported: spec.color"),
    });
    await expect(names({ labelSelector: "a=b=c" })).rejects.toMatchObject({ code: 400 });
  });

  it("replaces under optimistic concurrency, and writes nothing when nothing changes", async () => {
    const first = await api.client.create(networkpolicies, policy("p", { podSelector: {} }));
    const changed = { ...first, spec: { podSelector: { matchLabels: { a: "b" } } } };
    const second = await api.client.update(networkpolicies, changed);
    expect(second.metadata).toMatchObject({ generation: 2, uid: first.metadata.uid });
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    await expect(api.client.update(networkpolicies, changed)).rejects.toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on networkpolicies.networking.k8s.io "p": the object has been modified; ' +
        "please apply your changes to the latest version and try again",
    });
    const { resourceVersion: _, ...unversioned } = second.metadata;
    const again = await api.client.update(networkpolicies, { ...second, metadata: unversioned });
    expect(again).toEqual(second);
    const relabelled = { ...second, metadata: { ...second.metadata, labels: { x: "y" } } };
    expect((await api.client.update(networkpolicies, relabelled)).metadata.generation).toBe(2);
  });

  it("keeps status and spec apart", async () => {
    const created = await api.client.create(pods, pod("web"));
    const touched = {
      ...created,
      metadata: { ...created.metadata, labels: { run: "other" } },
      status: { phase: "Running", podIP: "10.0.0.1" },
    };
    const viaSpec = await api.client.update(pods, touched);
    expect(viaSpec.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
    const broken = { ...viaSpec, spec: { containers: [] }, metadata: { ...viaSpec.metadata, labels: {} } };
    const viaStatus = await api.client.update(pods, { ...broken, status: touched.status }, "status");
    expect(viaStatus.status).toEqual(touched.status);
    expect(viaStatus.spec).toEqual(created.spec);
    expect(viaStatus.metadata.labels).toEqual({ run: "other" });
  });

  it("refuses a status of a wrong type", async () => {
    const created = await api.client.create(pods, pod("web"));
    const wrong = { ...created, status: { phase: 5 } };
    await expect(api.client.update(pods, wrong, "status")).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining(
        "json: cannot unmarshal number into Go struct field PodStatus.status.phase of type string",
      ),
    });
  });

  it("binds a pod to a node once and keeps the rest of its spec", async () => {
    const created = await api.client.create(pods, pod("web"));
    const bound = await api.client.update(pods, {
      ...created,
      spec: { ...(created.spec as object), nodeName: "n1" },
    });
    expect(bound.spec).toMatchObject({ nodeName: "n1" });
    const moved = { ...bound, spec: { ...(bound.spec as object), nodeName: "n2" } };
    await expect(api.client.update(pods, moved)).rejects.toMatchObject({
      code: 422,
      reason: "Invalid",
      status: {
        details: { name: "web", kind: "Pod", causes: [{ reason: "FieldValueForbidden", field: "spec" }] },
      },
    });
  });

  it("deletes at a revision of its own", async () => {
    const created = await api.client.create(pods, pod("web"));
    const deleted = await api.client.delete(pods, "web", "default");
    expect(deleted.metadata.uid).toBe(created.metadata.uid);
    expect(Number(deleted.metadata.resourceVersion)).toBe(api.server.store.revision);
    await expect(api.client.get(pods, "web", "default")).rejects.toMatchObject({
      code: 404,
      reason: "NotFound",
      message: 'pods "web" not found',
      status: { details: { name: "web", kind: "pods" } },
    });
  });

  it("says what exists, what does not, and what does not fit", async () => {
    await api.client.create(pods, pod("web"));
    await expect(api.client.create(pods, pod("web"))).rejects.toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: 'pods "web" already exists',
    });
    await expect(api.client.create(pods, pod("web", { namespace: "gone" }))).rejects.toMatchObject({
      code: 404,
      message: 'namespaces "gone" not found',
    });
    await expect(api.client.update(pods, pod("other"))).rejects.toMatchObject({ code: 404 });
    await expect(api.client.delete(pods, "other", "default")).rejects.toMatchObject({ code: 404 });
    const stranger = { ...(await api.client.get(pods, "web", "default")) };
    const replaced = { ...stranger, metadata: { ...stranger.metadata, uid: "another" } };
    await expect(api.client.update(pods, replaced)).rejects.toMatchObject({ code: 409, reason: "Conflict" });
  });
});

describe("kinds", () => {
  it("labels namespaces with their names, and has four from the start", async () => {
    const { items } = await api.client.list(namespaces);
    expect(items.map(({ metadata }) => metadata.name)).toEqual([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
    const made = await api.client.create(namespaces, namespace("team"));
    expect(made.metadata.labels).toEqual({ "kubernetes.io/metadata.name": "team" });
    const stripped = await api.client.update(namespaces, {
      ...made,
      metadata: { ...made.metadata, labels: {} },
    });
    expect(stripped).toEqual(made);
    expect(made.status).toEqual({ phase: "Active" });
  });

  it("keeps a deleted namespace until its finalizer is taken away, and takes nothing new into it", async () => {
    await api.client.create(namespaces, namespace("team"));
    const going = await api.client.delete(namespaces, "team");
    expect(going).toMatchObject({
      metadata: { deletionTimestamp: "2026-01-02T03:04:05Z" },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Terminating" },
    });
    expect((await api.client.delete(namespaces, "team")).metadata).toEqual(going.metadata);
    await expect(api.client.create(pods, pod("late", { namespace: "team" }))).rejects.toMatchObject({
      code: 403,
      message:
        'pods "late" is forbidden: unable to create new content in namespace team because it is being terminated',
      status: {
        details: {
          causes: [{ reason: "NamespaceTerminating", message: "namespace team is being terminated" }],
        },
      },
    });
    await api.client.update(namespaces, { ...going, spec: {} }, "finalize");
    await expect(api.client.get(namespaces, "team")).rejects.toMatchObject({ code: 404 });
  });

  it("does not delete the namespaces that must stay", async () => {
    await expect(api.client.delete(namespaces, "default")).rejects.toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });

  it("keeps the status that a node registers with", async () => {
    const addresses = [{ type: "InternalIP", address: "192.0.2.1" }];
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, status: { addresses } };
    expect((await api.client.create(nodes, node)).status).toEqual({ addresses });
    expect((await api.client.list(nodes, { fieldSelector: "spec.unschedulable=false" })).items).toHaveLength(
      1,
    );
  });

  it("fills a policy's types and protocols", async () => {
    const egress = [{ ports: [{ port: 53 }, { port: 53, protocol: "UDP" }] }];
    const both = await api.client.create(networkpolicies, policy("both", { podSelector: {}, egress }));
    expect(both.spec).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      egress: [
        {
          ports: [
            { port: 53, protocol: "TCP" },
            { port: 53, protocol: "UDP" },
          ],
        },
      ],
    });
    const bare = await api.client.create(networkpolicies, policy("bare", { podSelector: {} }));
    expect(bare.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress"] });
  });
});
