import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { table } from "@portcullis/dataplane";
import { type KubeClient, Unreachable } from "@portcullis/kube";
import { FakeNft } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AgentSettings, enforceHere } from "./enforce-here.ts";
import { ObservedNode } from "./observed-node.ts";
import { stateFileName, toldFileNames } from "./state/saved-state.ts";
import { writeState } from "./state/write-state.ts";
import { TestApi } from "./test-api.testing.ts";

// Mostly without an API, on a fake kernel. With one, and on a real kernel: conformance/nodes.

let directory: string;
let leave: () => Promise<void> = async () => {};
let stop: () => Promise<void> = async () => {};
const nft = () => new FakeNft();

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "portcullis-enforce-"));
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

const away = async (): Promise<never> => {
  throw new Unreachable("away");
};
const client = {
  list: away,
  async *watch() {
    yield await away();
  },
} as unknown as KubeClient;

/** Begins to enforce, and gives the node that is told about. */
function begin(kernel: FakeNft, more: Partial<AgentSettings> = {}): ObservedNode {
  const settings: AgentSettings = {
    client,
    nodeName: "node-1",
    established: "cut",
    denied: "drop",
    flows: false,
    stateDirectory: directory,
    coldStartAfterMs: 1,
    driftCheckMs: 0,
    connections: { list: async () => [], cut: async () => {} },
    ...more,
  };
  const node = new ObservedNode(
    { ...settings, version: "test", logLevel: "error", api: false },
    kernel,
    "a-life",
    { log: () => {} },
  );
  const abort = new AbortController();
  const ended = enforceHere(settings, node, abort.signal).catch((error: unknown) => error);
  leave = async () => {
    abort.abort(new Error("enough"));
    expect(await ended).toEqual(new Error("enough"));
  };
  stop = async () => {
    await leave();
    await node.close();
  };
  return node;
}

async function keep(): Promise<void> {
  const program = { pods: [], chains: [], addressSets: [], endpointSets: [] };
  const about = { nodeName: "node-1", podCidrs: ["10.244.1.0/24"], savedMs: 0, bootId: "" };
  await writeState(directory, { ...about, revisions: new Map(), program });
}

const conditions = (node: ObservedNode) =>
  node.conditions.active().map(({ type, reason }) => `${type} ${reason}`);

test("a state that is torn closes the prefixes in its first line", async () => {
  await keep();
  const file = path.join(directory, stateFileName);
  await truncate(file, (await stat(file)).size - 10);
  const kernel = nft();
  const node = begin(kernel);
  await expect.poll(() => conditions(node)).toContain("FromDisk StateTorn");
  expect(kernel.dump()).toContain("10.244.1.0/24");
});

test("a state that says nothing of the node closes what --pod-cidr names", async () => {
  await writeFile(path.join(directory, stateFileName), "nonsense");
  const kernel = nft();
  const node = begin(kernel, { podCidrs: ["10.9.0.0/16"] });
  await expect.poll(() => conditions(node)).toContain("FromDisk StateCorrupted");
  expect(kernel.dump()).toContain("10.9.0.0/16");
});

test("and where nothing names it, says so", async () => {
  await writeFile(path.join(directory, stateFileName), "nonsense");
  const node = begin(nft());
  await expect.poll(() => conditions(node)).toContain("NotInForce PodCidrsUnknown");
  const message = node.conditions.active().find(({ type }) => type === "NotInForce")?.message;
  expect(message).toMatch(/refused: it is no state of an agent; .* closed, as soon as they are known/);
});

test("without a state, and without the API, nothing is written", async () => {
  const kernel = nft();
  const node = begin(kernel, { podCidrs: ["10.9.0.0/16"] });
  await expect.poll(() => conditions(node)).toContain("ApiUnreachable NoAnswer");
  expect(await kernel.list(table)).toBeUndefined();
});

test("what is dropped until the end is told, and kept, before another agent may begin", async () => {
  const api = await TestApi.open();
  const kernel = nft();
  const node = begin(kernel, { client: api.client, podCidrs: ["10.9.0.0/16"] });
  const told = () => readFile(path.join(directory, toldFileNames.denied), "utf8").catch(() => "");
  await expect.poll(told).toContain('"at":');
  await expect.poll(() => node.agent?.inSync === true && node.agent.program !== undefined).toBe(true);
  expect(kernel.evaluate(newPacket("192.0.2.1", "10.9.0.9", { dport: 80 })).verdict).toBe("drop");
  await leave();
  expect(await told()).toContain("unprogrammed_ingress 192.0.2.1 10.9.0.9 TCP 80");
  await stop();
  await api.close();
});
