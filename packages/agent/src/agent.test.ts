import { type KubeClient, type KubeObject, type Resource, resources } from "@portcullis/kube";
import { FakeNft, NftUnavailable } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Agent } from "./agent.ts";
import type { AgentEvent, AgentListener } from "./agent-event.ts";
import type { AgentOptions } from "./agent-options.ts";
import { TestApi } from "./test-api.testing.ts";

const table = { family: "inet", name: "portcullis" } as const;

let api: TestApi;
let client: KubeClient;
let nft: FakeNft;
let agent: Agent;
let lines: string[];

beforeEach(async () => {
  api = await TestApi.open();
  client = api.client;
  nft = new FakeNft();
  lines = [];
  agent = new Agent(options());
});

afterEach(async () => {
  await agent.stop();
  await api.close();
});

test("what the API serves is in force when start resolves, and after every change", async () => {
  await api.createPod("frontend", "10.244.0.1");
  await api.createPod("backend", "10.244.0.2");
  await agent.start();
  expect(agent.isProgrammed("default/frontend", ["10.244.0.1"])).toBe(true);
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(true);

  const policy = await client.create(resources.networkpolicies, denyAll());
  await inForce(resources.networkpolicies, policy);
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(false);

  const gone = await client.delete(resources.networkpolicies, "default-deny", "default");
  await inForce(resources.networkpolicies, gone);
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(true);
});

test("only pods of this node are programmed", async () => {
  await api.createPod("here", "10.244.0.1");
  await api.createPod("there", "10.244.1.1", "node-2");
  await agent.start();
  expect(agent.isProgrammed("default/here", ["10.244.0.1"])).toBe(true);
  expect(agent.isProgrammed("default/there", ["10.244.1.1"])).toBe(false);
});

test("a pod is programmed at the addresses that it has, and at no others", async () => {
  await api.createPod("pod", "10.244.0.1");
  await agent.start();
  expect(agent.isProgrammed("default/pod", ["10.244.0.2"])).toBe(false);
  await client.delete(resources.pods, "pod", "default", { gracePeriodSeconds: 0 });
  await expect.poll(() => agent.isProgrammed("default/pod", ["10.244.0.1"])).toBe(false);
});

test("addresses that a pod gives up are told, wherever it was", async () => {
  await api.createPod("there", "10.244.1.1", "node-2");
  const released: string[] = [];
  agent = new Agent({
    ...options(),
    emit: (event) => {
      if (event.type === "addresses-released")
        released.push(`${event.pod.name} ${event.addresses.map(({ text }) => text)}`);
    },
  });
  await agent.start();
  const pod = await client.get(resources.pods, "there", "default");
  await client.update(resources.pods, { ...pod, status: { phase: "Succeeded" } }, "status");
  await api.createPod("next", "10.244.1.1", "node-2");
  await client.delete(resources.pods, "next", "default", { gracePeriodSeconds: 0 });
  await expect.poll(() => released).toEqual(["there 10.244.1.1", "next 10.244.1.1"]);
});

test("a kernel that refuses is told again until it takes the program", async () => {
  await api.createPod("pod", "10.244.0.1");
  nft.failNext(new NftUnavailable("nft died"));
  nft.failNext(new NftUnavailable("nft died again"));
  await agent.start();
  expect(agent.isProgrammed("default/pod", ["10.244.0.1"])).toBe(true);
  expect(lines.filter((line) => line.includes("nft died"))).toHaveLength(2);
});

test("a table that somebody changed is mended at the agent's pace, and told", async () => {
  await api.createPod("a", "10.244.0.1");
  await api.createPod("b", "10.244.0.2");
  await client.create(resources.networkpolicies, denyAll());
  const told: (readonly string[])[] = [];
  agent = new Agent({ ...options(), driftCheckMs: 20, emit: drifts(told) });
  await agent.start();
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(false);
  await nft.run({ table, operations: [{ op: "delete table" }] });
  await expect.poll(() => told).toEqual([["table inet portcullis is missing"]]);
  await expect.poll(() => lines.filter((line) => line.includes("somebody changed")).length).toBe(1);
  await expect.poll(() => passes("10.244.0.1", "10.244.0.2")).toBe(false);

  await nft.run({ table, operations: [{ op: "flush map", name: "ingress_v4" }] });
  await expect.poll(() => told.length).toBe(2);
  expect(told[1]).toContain("map ingress_v4: element 10.244.0.1 is missing");
  // Nobody else's table counts as ours.
  await nft.run({ table: { family: "inet", name: "other" }, operations: [{ op: "add table" }] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told).toHaveLength(2);
});

test("what somebody else writes to the table is mended when the kernel tells of it, and who it was is told", async () => {
  await api.createPod("a", "10.244.0.1");
  await api.createPod("b", "10.244.0.2");
  await client.create(resources.networkpolicies, denyAll());
  const told: AgentEvent[] = [];
  agent = new Agent({ ...options(), driftCheckMs: 0, emit: (event) => told.push(event) });
  await agent.start();
  const types = () => told.map(({ type }) => type).filter((type) => type.startsWith("drift"));
  await nft.runElsewhere({ table, operations: [{ op: "delete table" }] }, { pid: 4711, name: "nft" });
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(true);
  await expect.poll(types).toEqual(["drift", "drift-mended"]);
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(false);
  expect(told.find(({ type }) => type === "drift")).toMatchObject({
    differences: ["table inet portcullis is missing"],
    by: "process 4711 (nft)",
  });
  expect(lines).toContainEqual(expect.stringMatching(/^process 4711 \(nft\) changed the kernel's table/));

  // Looked at, and found to be as it was.
  const programs = () => told.filter(({ type }) => type === "programmed").length;
  const before = programs();
  await nft.runElsewhere({ table, operations: [{ op: "add table" }] }, { pid: 4711, name: "nft" });
  // Nobody else's table counts as ours, and who wrote before is not to blame for what is found now.
  await nft.runElsewhere({ table: { family: "inet", name: "other" }, operations: [{ op: "add table" }] });
  await nft.runElsewhere({ table, operations: [{ op: "flush chain", name: "c_pods" }] });
  await expect.poll(types).toEqual(["drift", "drift-mended", "drift", "drift-mended"]);
  expect(told.findLast(({ type }) => type === "drift")).not.toHaveProperty("by");
  expect(programs()).toBe(before + 1);
});

test("a change that is found while a program is on its way is mended when that is said, not before", async () => {
  await api.createPod("a", "10.244.0.1");
  await api.createPod("b", "10.244.0.2");
  const told: string[] = [];
  let go: () => void = () => {};
  let looked = Promise.resolve();
  const connections = { list: () => looked.then(() => []), cut: async () => {} };
  agent = new Agent({
    ...options(),
    connections,
    driftCheckMs: 20,
    emit: ({ type }) => {
      if (type === "drift") told.push("found");
      if (type === "drift-mended") told.push(passes("10.244.0.1", "10.244.0.2") ? "open" : "mended");
    },
  });
  await agent.start();
  looked = new Promise<void>((resolve) => {
    go = resolve;
  });
  // Its rules are in force, and the connections that it denies are still being looked for.
  await client.create(resources.networkpolicies, denyAll());
  await expect.poll(() => passes("10.244.0.1", "10.244.0.2")).toBe(false);
  await nft.run({ table, operations: [{ op: "flush chain", name: "c_pods" }] });
  expect(passes("10.244.0.1", "10.244.0.2")).toBe(true);
  await expect.poll(() => told).toEqual(["found"]);
  go();
  await expect.poll(() => told).toEqual(["found", "mended"]);
});

test("a table that is missing when there is something to write is told as well", async () => {
  const told: (readonly string[])[] = [];
  agent = new Agent({ ...options(), driftCheckMs: 0, emit: drifts(told) });
  await agent.start();
  await nft.run({ table, operations: [{ op: "delete table" }] });
  await api.createPod("pod", "10.244.0.1");
  await expect.poll(() => agent.isProgrammed("default/pod", ["10.244.0.1"])).toBe(true);
  expect(told).toEqual([["table inet portcullis is missing"]]);
});

test("of many differences the first twenty are told, and the number of the others", async () => {
  for (let i = 1; i <= 30; i += 1) await api.createPod(`pod-${i}`, `10.244.0.${i}`);
  const told: (readonly string[])[] = [];
  agent = new Agent({ ...options(), driftCheckMs: 20, emit: drifts(told) });
  await agent.start();
  await nft.run({ table, operations: [{ op: "flush map", name: "ingress_v4" }] });
  await expect.poll(() => told[0]?.length).toBe(21);
  expect(told[0]?.at(-1)).toBe("and 10 more");
});

test("connections that cannot be cut do not keep rules from being in force, nor are tried without pause", async () => {
  let attempts = 0;
  const connections = {
    list: async () => {
      attempts += 1;
      throw new Error("conntrack is missing");
    },
    cut: async () => {},
  };
  agent = new Agent({ ...options(), connections });
  await api.createPod("pod", "10.244.0.1");
  await agent.start();
  expect(agent.isProgrammed("default/pod", ["10.244.0.1"])).toBe(true);
  const policy = await client.create(resources.networkpolicies, denyAll());
  await inForce(resources.networkpolicies, policy);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(attempts).toBeLessThan(12);
  expect(lines.some((line) => /in force, but .*conntrack is missing/.test(line))).toBe(true);
});

test("nothing is written after stop", async () => {
  await agent.start();
  await agent.stop();
  const before = nft.dump();
  await api.createPod("late", "10.244.0.7");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(nft.dump()).toBe(before);
});

function drifts(told: (readonly string[])[]): AgentListener {
  return (event) => {
    if (event.type === "drift") told.push(event.differences);
  };
}

function options(): AgentOptions {
  return {
    client,
    nft,
    connections: { list: async () => [], cut: async () => {} },
    nodeName: "node-1",
    podCidrs: ["10.244.0.0/16"],
    log: (line) => lines.push(line),
  };
}

function denyAll(): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace: "default" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

async function inForce({ plural }: Resource, { metadata }: KubeObject): Promise<void> {
  const wanted = BigInt(metadata.resourceVersion ?? 0);
  await expect.poll(() => agent.enforcedRevision(plural) >= wanted).toBe(true);
}

function passes(saddr: string, daddr: string): boolean {
  return nft.evaluate(newPacket(saddr, daddr)).verdict === "accept";
}
