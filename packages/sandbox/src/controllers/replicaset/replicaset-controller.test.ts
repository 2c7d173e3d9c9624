import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { workload } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const set = (replicas: number, more: object = {}) => workload("ReplicaSet", "web", { replicas, ...more });
const labels = { app: "web" };
const active = async () =>
  (await world.list(resources.pods)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
const status = async () => (await world.get(resources.replicasets, "web")).status;

test("as many pods as asked for, owned and ready, and Events that tell of each", async () => {
  const { metadata } = await world.create(resources.replicasets, set(3));
  await world.eventually(async () =>
    expect(await status()).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    }),
  );
  const pods = await active();
  expect(pods).toHaveLength(3);
  for (const pod of pods) {
    expect(pod.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(pod.metadata).toMatchObject({
      labels,
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  }
  const created = pods.map((pod) => `SuccessfulCreate Created pod: ${pod.metadata.name}`);
  await world.eventually(async () => expect((await world.events("web")).toSorted()).toEqual(created.sort()));
});

test("a pod that vanishes is replaced; a surplus is given up, unready pods first", async () => {
  await world.create(resources.replicasets, set(3));
  await world.eventually(async () => expect(await status()).toMatchObject({ readyReplicas: 3 }));
  const [first] = await active();
  await world.delete(resources.pods, first!.metadata.name, { gracePeriodSeconds: 0 });
  await world.eventually(async () => expect(await active()).toHaveLength(3));
  await world.eventually(async () => expect(await status()).toMatchObject({ readyReplicas: 3 }));
  const [sick] = await active();
  world.kubelet.fate = ({ metadata }) => (metadata.name === sick!.metadata.name ? "unready" : "ready");
  await world.kubelet.again();
  await world.eventually(async () => expect(await status()).toMatchObject({ replicas: 3, readyReplicas: 2 }));
  await world.edit(resources.replicasets, "web", (object: { spec: object }) => ({
    ...object,
    spec: { ...object.spec, replicas: 2 },
  }));
  await world.eventually(async () => expect(await active()).toHaveLength(2));
  expect((await active()).map(({ metadata }) => metadata.name)).not.toContain(sick!.metadata.name);
  const deleted = `SuccessfulDelete Deleted pod: ${sick!.metadata.name}`;
  await world.eventually(async () => expect(await world.events("web")).toContain(deleted));
});

test("an orphan with the right labels is adopted; a child that loses them is let go and replaced", async () => {
  const orphan = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "stray", namespace: "default", labels },
    spec: { containers: [{ name: "main", image: "nginx" }] },
  };
  await world.create(resources.pods, orphan);
  const { metadata } = await world.create(resources.replicasets, set(2));
  await world.eventually(async () => expect(await status()).toMatchObject({ readyReplicas: 2 }));
  const adopted = await world.get(resources.pods, "stray");
  expect(adopted.metadata.ownerReferences).toMatchObject([{ uid: metadata.uid }]);
  await world.edit(resources.pods, "stray", (pod: { metadata: object }) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { app: "other" } },
  }));
  await world.eventually(async () => expect(await active()).toHaveLength(3));
  await world.eventually(async () =>
    expect((await world.get(resources.pods, "stray")).metadata.ownerReferences ?? []).toEqual([]),
  );
});

test("a ready pod is available only after minReadySeconds", async () => {
  await world.create(resources.replicasets, set(1, { minReadySeconds: 1 }));
  await world.eventually(async () => expect(await status()).toMatchObject({ readyReplicas: 1 }));
  await world.eventually(async () => expect(await status()).toMatchObject({ availableReplicas: 1 }));
});
