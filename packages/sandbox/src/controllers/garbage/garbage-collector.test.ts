import { type KubeObject, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deployment } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const map = (name: string, owners: object[] = [], more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ownerReferences: owners, ...more },
});
const owner = ({ metadata }: KubeObject, more: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name: metadata.name,
  uid: metadata.uid,
  ...more,
});
const names = async () => (await world.list(resources.configmaps)).map(({ metadata }) => metadata.name);
const count = async () => ({
  sets: (await world.list(resources.replicasets)).length,
  pods: (await world.list(resources.pods)).length,
});
const running = async () => {
  await world.create(resources.deployments, deployment("web"));
  await world.eventually(async () =>
    expect((await world.get(resources.deployments, "web")).status).toMatchObject({ readyReplicas: 3 }),
  );
};

test("in the background, what a Deployment made goes after it", async () => {
  await running();
  await world.delete(resources.deployments, "web");
  await world.eventually(async () => expect(await count()).toEqual({ sets: 0, pods: 0 }));
});

test("in the foreground, the owner goes last", async () => {
  await running();
  world.kubelet.lets = false;
  await world.delete(resources.deployments, "web", { propagationPolicy: "Foreground" });
  await world.eventually(async () => {
    const pods = await world.list(resources.pods);
    expect(pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toHaveLength(3);
  });
  expect((await world.get(resources.deployments, "web")).metadata.finalizers).toEqual(["foregroundDeletion"]);
  expect(await count()).toEqual({ sets: 1, pods: 3 });
  world.kubelet.lets = true;
  await world.kubelet.again();
  await world.eventually(async () => expect(await world.list(resources.deployments)).toEqual([]));
  expect(await count()).toEqual({ sets: 0, pods: 0 });
});

test("as orphans, dependents live on, and another Deployment of the same selector adopts them", async () => {
  await running();
  const [set] = await world.list(resources.replicasets);
  await world.delete(resources.deployments, "web", { propagationPolicy: "Orphan" });
  await world.eventually(async () => expect(await world.list(resources.deployments)).toEqual([]));
  const [orphan] = await world.list(resources.replicasets);
  expect([orphan?.metadata.uid, orphan?.metadata.ownerReferences ?? []]).toEqual([set?.metadata.uid, []]);
  expect(await count()).toEqual({ sets: 1, pods: 3 });
  const { metadata } = await world.create(resources.deployments, deployment("web"));
  await world.eventually(async () =>
    expect((await world.list(resources.replicasets))[0]?.metadata.ownerReferences).toMatchObject([
      { uid: metadata.uid },
    ]),
  );
  expect(await count()).toEqual({ sets: 1, pods: 3 });
});

test("of two owners one may go; with the last the dependent goes; an owner that never was counts as gone", async () => {
  const [a, b] = [
    await world.create(resources.configmaps, map("a")),
    await world.create(resources.configmaps, map("b")),
  ];
  await world.create(resources.configmaps, map("child", [owner(a), owner(b)]));
  await world.create(resources.configmaps, map("lost", [{ ...owner(a), name: "never", uid: "no-such-uid" }]));
  await world.eventually(async () => expect(await names()).not.toContain("lost"));
  await world.delete(resources.configmaps, "a");
  await world.eventually(async () =>
    expect((await world.get(resources.configmaps, "child")).metadata.ownerReferences).toMatchObject([
      owner(b),
    ]),
  );
  await world.delete(resources.configmaps, "b");
  await world.eventually(async () => expect(await names()).not.toContain("child"));
});

test("a new object of the old owner's name is not the owner", async () => {
  const a = await world.create(resources.configmaps, map("a"));
  await world.create(resources.configmaps, map("child", [owner(a)]));
  await world.delete(resources.configmaps, "a");
  await world.create(resources.configmaps, map("a"));
  await world.eventually(async () => expect(await names()).not.toContain("child"));
  expect(await names()).toContain("a");
});
