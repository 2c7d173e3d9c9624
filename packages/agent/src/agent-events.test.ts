import { Cluster } from "@portcullis/engine";
import { type KubeClient, type KubeObject, resources } from "@portcullis/kube";
import { FakeNft, NftError, NftUnavailable } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Agent } from "./agent.ts";
import type { AgentEvent, Programmed } from "./agent-event.ts";
import type { AgentOptions } from "./agent-options.ts";
import { TestApi } from "./test-api.testing.ts";

let api: TestApi;
let client: KubeClient;
let nft: FakeNft;
let agent: Agent;
let events: AgentEvent[];

beforeEach(async () => {
  api = await TestApi.open();
  client = api.client;
  nft = new FakeNft();
  events = [];
});

afterEach(async () => {
  await agent.stop();
  await api.close();
});

test("a program tells its size, its revisions, and when the oldest change in it arrived", async () => {
  let now = 1_000;
  agent = make({ now: () => now });
  expect(activeTypes()).toEqual(["NotSynced"]);
  await api.createPod("web", "10.244.0.1");
  await agent.start();
  expect(agent.conditions.ready).toBe(true);
  expect(events.filter(({ type }) => type === "synced")).toHaveLength(4);
  now = 2_000;
  const policy = await client.create(resources.networkpolicies, policyOf("deny"));
  const told = await untilProgrammed(policy);
  expect(told).toMatchObject({
    atMs: 2_000,
    oldestChangeMs: 2_000,
    changed: true,
    fromDisk: false,
    size: { localPods: 1, policies: 1, chains: 1, rules: 0, sets: 0, setElements: 0 },
  });
  expect(told.transactions).toBeGreaterThan(0);
});

test("what the cluster's policies do not depend on is in force without a look at the kernel", async () => {
  agent = make();
  await api.createPod("web", "10.244.0.1");
  await agent.start();
  const pod = await client.get(resources.pods, "web", "default");
  const metadata = { ...pod.metadata, annotations: { note: "of no matter" } };
  const told = await untilProgrammed(await client.update(resources.pods, { ...pod, metadata }), "pods");
  expect(told).toMatchObject({ changed: false, transactions: 0 });
  expect(told.oldestChangeMs).toBeUndefined();
});

test("a staged policy is not enforced; one with a mode that nobody knows is, and that is told", async () => {
  agent = make();
  await api.createPod("web", "10.244.0.1");
  await agent.start();
  const staged = await client.create(resources.networkpolicies, policyOf("staged", "staged"));
  expect(await untilProgrammed(staged)).toMatchObject({ size: { policies: 0 } });
  expect(agent.cluster.stagedPolicies().map(({ name }) => name)).toEqual(["staged"]);
  const misspelt = await client.create(resources.networkpolicies, policyOf("misspelt", "stagged"));
  expect(await untilProgrammed(misspelt)).toMatchObject({ size: { policies: 1 } });
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "unknown-mode",
      policy: "default/misspelt",
      message: expect.stringContaining('"stagged"'),
    }),
  );
});

test.each([
  [new NftUnavailable("nft died"), []],
  [new NftError("Error: Could not process rule: Operation not permitted"), ["NoPermission"]],
  [new NftError("Error: syntax error, unexpected string"), ["NftTooOld"]],
  [
    new NftUnavailable(
      "the program nft was not found: install nftables (Debian, Ubuntu: apt install nftables; Fedora: dnf install nftables)",
    ),
    ["NftMissing"],
  ],
])("a kernel that refuses is a condition until it does not: %s", async (error, causes) => {
  agent = make();
  nft.failNext(error);
  await agent.start();
  const told = events.flatMap((event) => (event.type === "condition" ? [event.condition] : []));
  const wrong = ["NotInForce", ...causes];
  for (const type of wrong) {
    expect(told.filter((each) => each.type === type).map(({ status }) => status)).toEqual([true, false]);
  }
  expect(events.filter(({ type }) => type === "not-in-force")).toHaveLength(1);
  expect(activeTypes()).toEqual([]);
});

test("an API that is away keeps what is in force, and is told until it is back", async () => {
  agent = make();
  await api.createPod("web", "10.244.0.1");
  await agent.start();
  await api.end();
  await expect.poll(activeTypes).toEqual(["ApiUnreachable"]);
  expect(agent.conditions.ready).toBe(true);
  expect(agent.isProgrammed("default/web", ["10.244.0.1"])).toBe(true);
  await api.begin();
  await expect.poll(activeTypes, { timeout: 10_000 }).toEqual([]);
  // Another cluster, which has no such pod.
  await expect.poll(() => agent.isProgrammed("default/web", ["10.244.0.1"])).toBe(false);
  expect(events.some(({ type }) => type === "watch-restored")).toBe(true);
});

test("a table that somebody changes again and again is a condition, until ten quiet minutes later", async () => {
  let now = 0;
  agent = make({ driftCheckMs: 20, now: () => now });
  await api.createPod("web", "10.244.0.1");
  await agent.start();
  const drifts = () => events.filter(({ type }) => type === "drift-mended").length;
  for (let count = 1; count <= 3; count++) {
    await nft.run({ table: { family: "inet", name: "portcullis" }, operations: [{ op: "delete table" }] });
    await expect.poll(drifts).toBe(count);
  }
  expect(activeTypes()).toEqual(["Drifted"]);
  now = 600_000;
  await expect.poll(activeTypes).toEqual([]);
});

test("a program that was kept is in force until the API is heard", async () => {
  await api.createPod("web", "10.244.0.1");
  agent = make();
  const kept = new Cluster();
  kept.upsert({ kind: "Namespace", name: "default", labels: {} });
  agent.restore({ program: kept.program(() => true), revisions: new Map([["pods", "7"]]) });
  await expect.poll(activeTypes).toEqual(["NotSynced", "FromDisk"]);
  const first = programmed()[0]!;
  expect(first).toMatchObject({ fromDisk: true, revisions: new Map([["pods", "7"]]) });
  await agent.start();
  expect(activeTypes()).toEqual([]);
  expect(agent.isProgrammed("default/web", ["10.244.0.1"])).toBe(true);
});

function make(options: Partial<AgentOptions> = {}): Agent {
  return new Agent({
    client,
    nft,
    connections: { list: async () => [], cut: async () => {} },
    nodeName: "node-1",
    podCidrs: ["10.244.0.0/16"],
    emit: (event) => events.push(event),
    driftCheckMs: 0,
    ...options,
  });
}

function activeTypes(): readonly string[] {
  return agent.conditions.active().map(({ type }) => type);
}

function programmed(): readonly Programmed[] {
  return events.flatMap((event) => (event.type === "programmed" ? [event] : []));
}

/** The first program that knows the object. */
async function untilProgrammed({ metadata }: KubeObject, plural = "networkpolicies"): Promise<Programmed> {
  const find = () =>
    programmed().find(
      ({ revisions }) => BigInt(revisions.get(plural) ?? 0) >= BigInt(metadata.resourceVersion!),
    );
  await expect.poll(find).toBeDefined();
  return find()!;
}

function policyOf(name: string, mode?: string): KubeObject {
  const annotations = mode === undefined ? {} : { annotations: { "portcullis.dev/mode": mode } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "default", ...annotations },
    spec: { podSelector: {}, policyTypes: ["Ingress"] },
  };
}
