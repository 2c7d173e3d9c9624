import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withImage, workload } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const create = (spec: object = {}) =>
  world.create(
    resources.statefulsets,
    workload("StatefulSet", "db", { replicas: 3, serviceName: "db", ...spec }),
  );
const change = (spec: object) =>
  world.edit(resources.statefulsets, "db", (object: { spec: object }) => ({
    ...object,
    spec: { ...object.spec, ...spec },
  }));
const status = async () => (await world.get(resources.statefulsets, "db")).status;
const names = async () => (await world.list(resources.pods)).map(({ metadata }) => metadata.name).sort();
const settles = (expected: object) =>
  world.eventually(async () => expect(await status()).toMatchObject(expected));
const images = async () =>
  Object.fromEntries(
    (await world.list(resources.pods)).map(({ metadata, spec }) => [
      metadata.name,
      (spec as { containers: { image: string }[] }).containers[0]?.image,
    ]),
  );
const story = async () =>
  (await world.events("db")).map((line) => /(create|delete) Pod (\S+)/.exec(line)?.slice(1).join(" "));

test("pods with names that stay, one after the other", async () => {
  world.kubelet.fate = () => "unready";
  await create();
  await settles({ replicas: 1 });
  expect(await names()).toEqual(["db-0"]);
  world.kubelet.fate = () => "ready";
  await world.kubelet.again();
  await settles({
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  });
  await world.eventually(async () =>
    expect(await story()).toEqual(["create db-0", "create db-1", "create db-2"]),
  );
  const { metadata, spec } = await world.get(resources.pods, "db-1");
  expect(metadata.labels).toMatchObject({
    app: "db",
    "statefulset.kubernetes.io/pod-name": "db-1",
    "apps.kubernetes.io/pod-index": "1",
    "controller-revision-hash": expect.stringMatching(/^db-[a-z0-9]{10}$/),
  });
  expect(spec).toMatchObject({ hostname: "db-1", subdomain: "db" });
});

test("what is lost comes back by its name; fewer are given up from the end", async () => {
  await create();
  await settles({ readyReplicas: 3 });
  const before = await world.get(resources.pods, "db-1");
  await world.delete(resources.pods, "db-1");
  await world.eventually(async () =>
    expect((await world.get(resources.pods, "db-1")).metadata.uid).not.toBe(before.metadata.uid),
  );
  await settles({ readyReplicas: 3 });
  await change({ replicas: 1 });
  await world.eventually(async () => expect(await names()).toEqual(["db-0"]));
  await world.eventually(async () =>
    expect((await story()).slice(-2)).toEqual(["delete db-2", "delete db-1"]),
  );
});

test("an update goes from the end to the partition, and is the current revision when it is through", async () => {
  await create({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } });
  await settles({ readyReplicas: 3 });
  const first = (await status()) as { currentRevision: string };
  await world.edit(resources.statefulsets, "db", withImage("nginx:2"));
  await world.eventually(async () =>
    expect(await images()).toEqual({ "db-0": "nginx:1", "db-1": "nginx:1", "db-2": "nginx:2" }),
  );
  await settles({
    readyReplicas: 3,
    updatedReplicas: 1,
    currentReplicas: 2,
    currentRevision: first.currentRevision,
  });
  await world.delete(resources.pods, "db-0");
  await settles({ readyReplicas: 3, updatedReplicas: 1 });
  await world.eventually(async () => expect((await images())["db-0"]).toBe("nginx:1"));
  await change({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } });
  await settles({ readyReplicas: 3, updatedReplicas: 3, currentReplicas: 3 });
  const now = (await status()) as { currentRevision: string; updateRevision: string };
  expect(now.currentRevision).toBe(now.updateRevision);
  expect(now.currentRevision).not.toBe(first.currentRevision);
  const revisions = await world.list(resources.controllerrevisions);
  expect(revisions.map(({ revision }) => revision).sort()).toEqual([1, 2]);
  await world.edit(resources.statefulsets, "db", withImage("nginx:1"));
  await settles({ currentRevision: first.currentRevision, updatedReplicas: 3 });
  expect((await world.get(resources.controllerrevisions, first.currentRevision)).revision).toBe(3);
});

test("in parallel nobody waits", async () => {
  world.kubelet.fate = () => "unready";
  await create({ podManagementPolicy: "Parallel" });
  await world.eventually(async () => expect(await names()).toEqual(["db-0", "db-1", "db-2"]));
});
