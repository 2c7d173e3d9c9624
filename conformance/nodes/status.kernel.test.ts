import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import { nodes } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { expectClosed, expectOpen } from "./reach.ts";
import { StatusCommand } from "./status-command.ts";
import { openTwoNodes, type TwoNodes } from "./two-nodes.ts";
import { WrittenCluster } from "./written-cluster.ts";

// `portcullis status` of two nodes with an agent each, which publish what is in force.

const [nodeA, nodeB] = nodes;
const scratch = mkdtempSync(join(tmpdir(), "portcullis-status-"));
let machines: TwoNodes;
let api: BreakableApi;
let cluster: WrittenCluster;
let agentA: NodeAgent;
let agentB: NodeAgent;
let status: StatusCommand;

beforeAll(async () => {
  [api, machines] = await Promise.all([BreakableApi.open(), openTwoNodes()]);
  status = await StatusCommand.open(api.socketPath, scratch);
  cluster = new WrittenCluster(api.client);
  for (const node of nodes) await cluster.node(node);
  for (const name of ["server", "friend", "stranger", "neighbour"] as const) await cluster.pod(name);
  await cluster.allow("server", "server", ["friend"]);
  const agentOf = (node: string) =>
    new NodeAgent(machines.commandOf(node), [
      ...["--server", api.socketPath, "--node-name", node, "--namespace", "default"],
      ...["--state-dir", join(scratch, node)],
    ]);
  [agentA, agentB] = [agentOf(nodeA.name), agentOf(nodeB.name)];
  for (const agent of [agentA, agentB]) agent.start();
});

afterAll(async () => {
  status?.close();
  await Promise.all([agentA, agentB].map((agent) => agent?.end("SIGKILL")));
  await machines?.close();
  await api?.close();
  rmSync(scratch, { recursive: true });
});

test("after --wait the next packet meets the rules, on every node; agents that only start are waited for", async () => {
  const { server, friend, stranger, neighbour } = machines.places;
  expect(await status.run("--wait")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 policy is in force on 1 node /),
  });
  await Promise.all([
    expectOpen(friend, server),
    expectClosed(stranger, server),
    expectOpen(server, stranger),
  ]);
  await cluster.allow("default-deny", undefined, []);
  expect((await status.run("--wait")).stdout).toMatch(/^2 policies are in force on 2 nodes /);
  await Promise.all([
    expectClosed(server, stranger),
    expectClosed(friend, neighbour),
    expectOpen(friend, server),
  ]);
  await cluster.removePolicy("default-deny");
  expect((await status.run("--wait")).code).toBe(0);
  await Promise.all([expectOpen(server, stranger), expectOpen(friend, neighbour)]);
});

test("an agent that takes over goes on with the time of the one before", async () => {
  const before = await toldOf("server");
  expect(before.policy).toMatchObject({ state: "InForce", since: expect.any(String) });
  const former = await acquireTime();
  await agentA.end("SIGKILL");
  agentA.start();
  await expect.poll(acquireTime, { timeout: 15_000, interval: 50 }).not.toBe(former);
  await expect.poll(async () => (await toldOf("server")).agent, { timeout: 15_000 }).toBe("Ready");
  expect((await toldOf("server")).policy).toEqual(before.policy);
});

async function toldOf(name: string) {
  const { stdout } = await status.run(name, "-o", "json");
  const { policies, nodes: agents } = JSON.parse(stdout) as {
    policies: readonly { readonly state: string; readonly since?: string }[];
    nodes: readonly { readonly name: string; readonly agent: string }[];
  };
  return { policy: policies[0], agent: agents.find((each) => each.name === nodeA.name)?.agent };
}

/** Of node A's record: when its agent began. */
async function acquireTime(): Promise<unknown> {
  const { spec } = await api.client.get(resources.leases, `portcullis-${nodeA.name}`, "default");
  return (spec as { readonly acquireTime: string }).acquireTime;
}
