import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withImage, workload } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.create(resources.nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "portcullis", labels: { disk: "ssd" } },
  });
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const create = (template: object = {}) => {
  const set = workload("DaemonSet", "log") as { spec: { template: { spec: object } } };
  Object.assign(set.spec.template.spec, template);
  return world.create(resources.daemonsets, set);
};
const settles = (expected: object) =>
  world.eventually(async () =>
    expect((await world.get(resources.daemonsets, "log")).status).toMatchObject(expected),
  );
const one = { desiredNumberScheduled: 1, currentNumberScheduled: 1, numberReady: 1, numberAvailable: 1 };

test("a pod on the node, made again when it is lost or has ended", async () => {
  await create();
  await settles({ ...one, updatedNumberScheduled: 1, numberUnavailable: 0, observedGeneration: 1 });
  const [pod] = await world.list(resources.pods);
  expect(pod).toMatchObject({ spec: { nodeName: "portcullis" } });
  expect(pod?.metadata.labels?.["controller-revision-hash"]).toMatch(/^[a-z0-9]{10}$/);
  await world.delete(resources.pods, pod!.metadata.name);
  await world.eventually(async () => {
    const [next] = await world.list(resources.pods);
    expect(next?.metadata.name).not.toBe(pod?.metadata.name);
    expect(next).toBeDefined();
  });
  await settles(one);
});

test("an update replaces the pod, and its template is kept for going back", async () => {
  await create();
  await settles(one);
  const [pod] = await world.list(resources.pods);
  await world.edit(resources.daemonsets, "log", withImage("nginx:2"));
  await settles({ ...one, updatedNumberScheduled: 1, observedGeneration: 2 });
  const [next] = await world.list(resources.pods);
  expect(next?.metadata.uid).not.toBe(pod?.metadata.uid);
  expect(next).toMatchObject({ spec: { containers: [{ image: "nginx:2" }] } });
  expect(await world.list(resources.controllerrevisions)).toHaveLength(2);
});

test("none where the node is another than the template asks for, until the node is labelled", async () => {
  await create({ nodeSelector: { disk: "tape" } });
  await settles({ desiredNumberScheduled: 0, currentNumberScheduled: 0 });
  expect(await world.list(resources.pods)).toEqual([]);
  await world.edit(resources.nodes, "portcullis", (node: { metadata: object }) => ({
    ...node,
    metadata: { ...node.metadata, labels: { disk: "tape" } },
  }));
  await settles(one);
});
