import { type KubeObject, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Deployment } from "../objects/workload.ts";
import { deployment, withImage } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const get = async () => (await world.get(resources.deployments, "web")) as Deployment;
const change = (spec: object) =>
  world.edit(resources.deployments, "web", (object: Deployment) => ({
    ...object,
    spec: { ...object.spec, ...spec },
  }));
const setImage = (image: string) => world.edit(resources.deployments, "web", withImage(image));
const sets = () => world.list(resources.replicasets);
const imageOf = (object: KubeObject) => JSON.stringify(object).match(/"image":"([^"]+)"/)?.[1];
const sizes = async () =>
  Object.fromEntries(
    (await sets()).map((set) => [imageOf(set), (set.spec as { replicas: number }).replicas]),
  );
const rolledOut = (replicas = 3) =>
  world.eventually(async () => {
    const { metadata, status } = await get();
    expect(status).toMatchObject({
      observedGeneration: metadata.generation,
      replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
    });
    expect(status?.conditions).toContainEqual(expect.objectContaining({ reason: "NewReplicaSetAvailable" }));
  });
const condition = async (type: string) =>
  (await get()).status?.conditions?.find((each) => each.type === type);
const revision = (object: KubeObject) => object.metadata.annotations?.["deployment.kubernetes.io/revision"];

test("a Deployment makes a ReplicaSet named by its template's hash, and tells what it did", async () => {
  await world.create(resources.deployments, deployment("web"));
  await rolledOut();
  const [set] = await sets();
  const hash = set?.metadata.labels?.["pod-template-hash"];
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  expect(set).toMatchObject({
    metadata: { name: `web-${hash}`, labels: { app: "web" } },
    spec: {
      selector: { matchLabels: { app: "web", "pod-template-hash": hash } },
      template: { metadata: { labels: { app: "web", "pod-template-hash": hash } } },
    },
  });
  expect(set?.metadata.annotations).toMatchObject({
    "deployment.kubernetes.io/desired-replicas": "3",
    "deployment.kubernetes.io/max-replicas": "4",
  });
  const now = await get();
  expect([revision(now), revision(set!)]).toEqual(["1", "1"]);
  expect(await condition("Available")).toMatchObject({
    status: "True",
    reason: "MinimumReplicasAvailable",
    message: "Deployment has minimum availability.",
  });
  expect(await condition("Progressing")).toMatchObject({
    status: "True",
    message: `ReplicaSet "web-${hash}" has successfully progressed.`,
  });
  await world.eventually(async () =>
    expect(await world.events("web")).toEqual([
      `ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`,
    ]),
  );
});

test("a new template rolls out within the limits, counts the revision, and can be gone back to", async () => {
  await world.create(
    resources.deployments,
    deployment("web", { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }),
  );
  await rolledOut();
  await setImage("nginx:2");
  await rolledOut();
  expect(await sizes()).toEqual({ "nginx:1": 0, "nginx:2": 3 });
  expect(revision(await get())).toBe("2");
  const steps = (await world.events("web")).map((line) =>
    /Scaled (\w+) .* from (\d) to (\d)/.exec(line)?.slice(1),
  );
  expect(steps).toEqual([
    ["up", "0", "3"],
    ["up", "0", "1"],
    ["down", "3", "2"],
    ["up", "1", "2"],
    ["down", "2", "1"],
    ["up", "2", "3"],
    ["down", "1", "0"],
  ]);
  await setImage("nginx:1");
  await rolledOut();
  expect(await sizes()).toEqual({ "nginx:1": 3, "nginx:2": 0 });
  const first = (await sets()).find((set) => imageOf(set) === "nginx:1")!;
  expect([revision(await get()), revision(first)]).toEqual(["3", "3"]);
  expect(first.metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
});

test("pods that never become ready hold the rollout up, and are told when the deadline is over", async () => {
  await world.create(resources.deployments, deployment("web", { replicas: 4, progressDeadlineSeconds: 1 }));
  await rolledOut(4);
  world.kubelet.fate = (pod) => (imageOf(pod) === "broken" ? "unready" : "ready");
  await setImage("broken");
  await world.eventually(async () => expect(await sizes()).toEqual({ "nginx:1": 3, broken: 2 }));
  await world.eventually(async () =>
    expect(await condition("Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has timed out progressing\.$/),
    }),
  );
  expect(await sizes()).toEqual({ "nginx:1": 3, broken: 2 });
  expect((await get()).status).toMatchObject({ availableReplicas: 3, unavailableReplicas: 2 });
  await setImage("nginx:1");
  await rolledOut(4);
});

test("Recreate ends every old pod before it makes a new one", async () => {
  await world.create(resources.deployments, deployment("web", { strategy: { type: "Recreate" } }));
  await rolledOut();
  world.kubelet.lets = false;
  await setImage("nginx:2");
  await world.eventually(async () => expect(await sizes()).toEqual({ "nginx:1": 0 }));
  await world.eventually(async () => {
    const pods = await world.list(resources.pods);
    for (const pod of pods) expect(pod.metadata.deletionTimestamp ?? "gone").toBeDefined();
  });
  world.kubelet.lets = true;
  await world.kubelet.again();
  await rolledOut();
  expect(await sizes()).toEqual({ "nginx:1": 0, "nginx:2": 3 });
});

test("a paused Deployment scales but does not roll out until it goes on", async () => {
  await world.create(resources.deployments, deployment("web"));
  await rolledOut();
  await change({ paused: true });
  await world.eventually(async () =>
    expect(await condition("Progressing")).toMatchObject({ status: "Unknown", reason: "DeploymentPaused" }),
  );
  await setImage("nginx:2");
  await change({ replicas: 5 });
  await world.eventually(async () => expect((await get()).status).toMatchObject({ availableReplicas: 5 }));
  expect(await sizes()).toEqual({ "nginx:1": 5 });
  await change({ paused: false });
  await rolledOut(5);
  expect(await sizes()).toEqual({ "nginx:1": 0, "nginx:2": 5 });
});

test("no more ReplicaSets are kept than the history limit says, the oldest go first", async () => {
  await world.create(resources.deployments, deployment("web", { revisionHistoryLimit: 1 }));
  await rolledOut();
  for (const image of ["nginx:2", "nginx:3", "nginx:4"]) {
    await setImage(image);
    await rolledOut();
  }
  await world.eventually(async () => expect(await sizes()).toEqual({ "nginx:3": 0, "nginx:4": 3 }));
});

test("scaling to nothing and back", async () => {
  await world.create(resources.deployments, deployment("web"));
  await rolledOut();
  await change({ replicas: 0 });
  await world.eventually(async () => expect(await world.list(resources.pods)).toEqual([]));
  await world.eventually(async () => expect((await get()).status?.replicas ?? 0).toBe(0));
  await change({ replicas: 2 });
  await rolledOut(2);
  expect(await sizes()).toEqual({ "nginx:1": 2 });
});

test("a hundred pods are there within seconds", async () => {
  const started = performance.now();
  await world.create(resources.deployments, deployment("web", { replicas: 100 }));
  await world.eventually(async () => expect(await world.list(resources.pods)).toHaveLength(100));
  const milliseconds = performance.now() - started;
  await rolledOut(100);
  // Measured well below one second on an idle machine; the tests' machine has others to serve.
  expect(milliseconds).toBeLessThan(10_000);
});
