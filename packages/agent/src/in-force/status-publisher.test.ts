import { ApiError, isReason, type KubeClient, type KubeObject, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Conditions } from "../conditions.ts";
import { TestApi } from "../test-api.testing.ts";
import { programmed, type State, seenOf } from "./in-force.testing.ts";
import { InForceRecord } from "./in-force-record.ts";
import { leaseName, leaseWith, readLease } from "./lease.ts";
import { policyId } from "./policy-id.ts";
import { StatusPublisher } from "./status-publisher.ts";

const namespace = "kube-system";
const web: State = { policies: { web: { version: 7, app: "web" } }, pods: ["web"] };

let api: TestApi;
let client: KubeClient;
let conditions: Conditions;
let record: InForceRecord;
let publisher: StatusPublisher;
let present: State;
let told: string[];

beforeEach(async () => {
  api = await TestApi.open();
  client = api.client;
  present = { policies: {}, pods: [] };
  told = [];
  conditions = new Conditions((event) => {
    if (event.type === "condition") {
      const { type, status, reason } = event.condition;
      told.push(`${type} ${status} ${reason}`);
    }
    record.take(event);
  });
  record = new InForceRecord({ seen: () => seenOf(present), conditions, bootId: "life-1" });
  publisher = publisherOf(client);
});

afterEach(async () => {
  await publisher.stop();
  await api.close();
});

test("a node's record is a Lease that goes with the node, and is told as soon as something came into force", async () => {
  const node = await createNode();
  publisher.start();
  await expect.poll(published).toMatchObject({ nodeName: "node-1", validMs: 40_000, record: { log: [] } });
  const lease = await get();
  expect(lease?.metadata.ownerReferences).toEqual([
    { apiVersion: "v1", kind: "Node", name: "node-1", uid: node.metadata.uid },
  ]);
  become(web);
  const selected = [{ id: policyId("default/web"), pods: 1, resourceVersion: 7n }];
  await expect.poll(published).toMatchObject({ record: { revision: "7", selected, bootId: "life-1" } });
});

test("what needs no telling is not written before the renewal", async () => {
  await createNode();
  become(web);
  publisher.start();
  await expect.poll(published).toMatchObject({ record: { revision: "7" } });
  const before = (await get())?.metadata.resourceVersion;
  record.take(programmed(web, 2, { revision: 90, changed: false }));
  record.take(programmed({ ...web, pods: ["web", "web"] }, 3));
  record.take(programmed({ ...web, policies: { ...web.policies, other: { version: 91, app: "db" } } }, 4));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await get())?.metadata.resourceVersion).toBe(before);
  // Until something does: then all of it is told.
  conditions.set("Drifted", "Changed", "…");
  await expect
    .poll(published)
    .toMatchObject({ record: { revision: "91", conditions: [{ type: "Drifted" }] } });
});

test("any number of changes at once are one write", async () => {
  await createNode();
  publisher.start();
  await expect.poll(published).toBeDefined();
  const before = Number((await get())?.metadata.resourceVersion);
  for (let version = 1; version <= 50; version++)
    become({ ...web, policies: { web: { version, app: "web" } } });
  await expect.poll(published).toMatchObject({ record: { revision: "50" } });
  expect(Number((await get())?.metadata.resourceVersion)).toBe(before + 1);
});

test("what others write into the Lease stays, and a Lease that is removed comes back", async () => {
  await createNode();
  publisher.start();
  await expect.poll(published).toBeDefined();
  const lease = (await get())!;
  const annotations = { ...lease.metadata.annotations, theirs: "kept" };
  await client.update(resources.leases, { ...lease, metadata: { ...lease.metadata, annotations } });
  become(web);
  await expect.poll(published).toMatchObject({ record: { revision: "7" } });
  expect((await get())?.metadata.annotations).toMatchObject({ theirs: "kept" });

  await client.delete(resources.leases, leaseName("node-1"), namespace);
  await client.delete(resources.nodes, "node-1");
  const again = await createNode();
  become({ ...web, policies: { web: { version: 8, app: "web" } } });
  await expect.poll(published).toMatchObject({ record: { revision: "8" } });
  expect((await get())?.metadata.ownerReferences).toMatchObject([{ uid: again.metadata.uid }]);
});

test("without its node nothing is published; when the node comes, it is", async () => {
  become(web);
  publisher.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await published()).toBeUndefined();
  expect(told).toEqual(["StatusNotPublished true WriteFailed"]);
  await createNode();
  await expect.poll(published).toMatchObject({ record: { revision: "7" } });
});

test("a successor goes on where its predecessor ended", async () => {
  const node = await createNode();
  const former = {
    log: [{ revision: "7", sinceMs: 10 }],
    selected: [],
    moreSelected: 0,
    exceptions: [],
    moreExceptions: 0,
    conditions: [],
    bootId: "life-1",
    revision: "7",
  };
  const content = {
    nodeName: "node-1",
    nodeUid: node.metadata.uid!,
    namespace,
    record: former,
    acquiredMs: 10,
    renewedMs: 10,
    validSeconds: 40,
  };
  await client.create(resources.leases, leaseWith(undefined, content));
  present = web;
  publisher.start();
  await expect.poll(published).toMatchObject({ record: { revision: "7", log: former.log, selected: [] } });
  record.take(programmed(web, 5000, { changed: false }));
  await expect.poll(published).toMatchObject({ record: { log: former.log, selected: [{ pods: 1 }] } });
});

test("an API that refuses is a condition, and is asked again when it says", async () => {
  await createNode();
  become(web);
  await publisher.stop();
  let refusals = 0;
  const refusing: KubeClient = {
    get: (...given) => client.get(...given),
    list: (...given) => client.list(...given),
    update: (...given) => client.update(...given),
    delete: (...given) => client.delete(...given),
    watch: (...given) => client.watch(...given),
    create: async (...given) => {
      if (++refusals > 2) return client.create(...given);
      const status = { kind: "Status", reason: "TooManyRequests", message: "slow down", code: 429 } as const;
      throw new ApiError(refusals === 1 ? status : { ...status, details: { retryAfterSeconds: 0.01 } });
    },
  };
  publisher = publisherOf(refusing);
  publisher.start();
  await expect.poll(published).toMatchObject({ record: { revision: "7", conditions: [] } });
  await expect
    .poll(() => told)
    .toEqual(["StatusNotPublished true TooManyRequests", "StatusNotPublished false Resolved"]);
  expect(refusals).toBe(3);
});

test("two publishers of one node, as in an upgrade, overcome each other's writes", async () => {
  await createNode();
  const other = publisherOf(client);
  publisher.start();
  other.start();
  for (let version = 1; version <= 3; version++) {
    become({ ...web, policies: { web: { version, app: "web" } } });
    await expect.poll(published).toMatchObject({ record: { revision: String(version) } });
  }
  await other.stop();
});

test("after stop nothing is written", async () => {
  await createNode();
  publisher.start();
  await expect.poll(published).toBeDefined();
  await publisher.stop();
  const before = (await get())?.metadata.resourceVersion;
  become(web);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect((await get())?.metadata.resourceVersion).toBe(before);
});

function publisherOf(api: KubeClient): StatusPublisher {
  return new StatusPublisher({
    client: api,
    nodeName: "node-1",
    namespace,
    record,
    nodes: () => 1,
    conditions,
  });
}

function become(state: State): void {
  present = state;
  record.take(programmed(state, 1));
}

function createNode(): Promise<KubeObject> {
  return client.create(resources.nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } });
}

async function get(): Promise<KubeObject | undefined> {
  return client.get(resources.leases, leaseName("node-1"), namespace).catch((error: unknown) => {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  });
}

async function published() {
  const lease = await get();
  return lease === undefined ? undefined : readLease(lease);
}
