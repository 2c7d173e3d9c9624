import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import { differencesFromFreshStart } from "./fresh-start.ts";
import { nodes } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { expectClosed, expectOpen, untilClosed, untilOpen } from "./reach.ts";
import { ToldDrops } from "./told-drops.ts";
import { openTwoNodes, type TwoNodes } from "./two-nodes.ts";
import { WrittenCluster } from "./written-cluster.ts";

// Two nodes with an agent each, as a DaemonSet runs it, one API, and real packets between and within them.

const [nodeA, nodeB] = nodes;
const scratch = mkdtempSync(join(tmpdir(), "portcullis-nodes-"));
const stateOf = (node: string) => join(scratch, node);

let machines: TwoNodes;
let api: BreakableApi;
let cluster: WrittenCluster;
let agentA: NodeAgent;
let agentB: NodeAgent;

const agentOf = (node: string): NodeAgent =>
  new NodeAgent(machines.commandOf(node), [
    ...["--server", api.socketPath, "--node-name", node, "--namespace", "default"],
    ...["--state-dir", stateOf(node), "--cold-start-after", "200ms"],
  ]);
const isReady = (line: Readonly<Record<string, unknown>>) =>
  line.event === "programmed" && line.fromDisk === false;

beforeAll(async () => {
  [api, machines] = await Promise.all([BreakableApi.open(), openTwoNodes()]);
  cluster = new WrittenCluster(api.client);
  for (const node of nodes) await cluster.node(node);
  for (const name of ["server", "friend", "stranger", "neighbour"] as const) await cluster.pod(name);
  await cluster.allow("server", "server", ["friend"]);
  [agentA, agentB] = [agentOf(nodeA.name), agentOf(nodeB.name)];
  for (const agent of [agentA, agentB]) agent.start();
  await Promise.all([agentA, agentB].map((agent) => agent.logged(isReady)));
});

afterAll(async () => {
  await Promise.all([agentA, agentB].map((agent) => agent?.end("SIGKILL")));
  await machines?.close();
  await api?.close();
  rmSync(scratch, { recursive: true });
});

test("what a policy lets in comes in, from the same node and from the other, and nothing else does", async () => {
  const { server, friend, stranger, neighbour, unknown } = machines.places;
  await Promise.all([
    expectOpen(friend, server),
    expectOpen(server, stranger, 81),
    expectOpen(friend, stranger, 81),
    expectClosed(friend, server, 81),
    expectClosed(stranger, server),
    expectClosed(neighbour, server),
    // Of the node's prefix, and nobody told the agent whose it is.
    expectClosed(unknown, friend),
    expectClosed(friend, unknown),
    expectClosed(neighbour, unknown),
  ]);
});

test("a node reaches its own pods, whatever policies say, and no other node's; pods reach nodes as any destination", async () => {
  const { server, friend } = machines.places;
  const [hostA, hostB] = machines.hosts;
  await Promise.all([
    expectOpen(hostA, server, 81),
    expectClosed(hostB, server, 81),
    expectOpen(server, hostA),
    expectOpen(server, hostB),
    expectOpen(friend, hostA),
    expectOpen(hostA, hostB),
  ]);
});

test("a default-deny closes both nodes, a policy that changes opens for who is named, and back", async () => {
  const { server, friend, stranger, neighbour } = machines.places;
  await cluster.allow("default-deny", undefined, []);
  await Promise.all([untilClosed(server, stranger), untilClosed(friend, neighbour)]);
  await expectOpen(friend, server);
  await cluster.allow("server", "server", ["stranger"]);
  await Promise.all([untilOpen(stranger, server), untilClosed(friend, server)]);
  await cluster.allow("server", "server", ["friend"]);
  await cluster.removePolicy("default-deny");
  await Promise.all([untilOpen(friend, server), untilClosed(stranger, server), untilOpen(server, stranger)]);
});

test("a pod that moves to the other node with its address takes its policies along", async () => {
  const { friend, stranger, "moving-a": before, "moving-b": after } = machines.places;
  await cluster.pod("moving-a", "moving");
  await cluster.allow("moving", "moving", ["friend"]);
  await Promise.all([untilOpen(friend, before), untilClosed(stranger, before)]);
  await cluster.removePod("moving");
  machines.route("moving-b");
  await cluster.pod("moving-b", "moving");
  await Promise.all([untilOpen(friend, after), untilClosed(stranger, after)]);
  await cluster.removePod("moving");
  await cluster.removePolicy("moving");
});

test("while the API is away rules stay, and what was missed is in force when it is back", async () => {
  const { server, friend, stranger } = machines.places;
  await api.closeDoor();
  await cluster.allow("server", "server", ["friend", "stranger"]);
  await agentA.condition("ApiUnreachable", "NoAnswer");
  await Promise.all([expectOpen(friend, server), expectClosed(stranger, server)]);
  expect(readyz(nodeA.name)).toEqual([200, "ok\n"]);
  await api.openDoor();
  await untilOpen(stranger, server);
  await cluster.allow("server", "server", ["friend"]);
  await untilClosed(stranger, server);
});

test("rules stay when an agent is killed, and a new one finds them as they have to be", async () => {
  const { server, friend, stranger } = machines.places;
  await agentA.end("SIGKILL");
  await Promise.all([expectOpen(friend, server), expectClosed(stranger, server)]);
  const from = agentA.lines.length;
  agentA.start();
  await agentA.logged(isReady, from);
  expect(agentA.lines.slice(from).find(isReady)).toMatchObject({ changed: false, transactions: 0 });
  await Promise.all([expectOpen(friend, server), expectClosed(stranger, server)]);
  for (const node of nodes)
    expect(await differencesFromFreshStart(node, machines.commandOf(node.name), api.client)).toEqual([]);
});

test("what is dropped while no agent runs is told by the next, however the last ended, and nothing twice", async () => {
  const { server, stranger } = machines.places;
  const ports = [8101, 8102];
  const told = new ToldDrops(machines, nodeA.name, ports);
  const drop = () => Promise.all(ports.map((port) => expectClosed(stranger, server, port)));
  try {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await drop();
      await told.untilAll();
      await agentA.end(signal);
      told.ended();
      const ended = Date.now();
      await drop();
      const begun = Date.now();
      const from = agentA.lines.length;
      agentA.start();
      await agentA.logged(isReady, from);
      const flows = await told.untilAll();
      // Each port by both transports, over both families.
      expect(flows).toHaveLength(8);
      for (const flow of flows) {
        expect(flow).toMatchObject({
          source: { pod: { name: "stranger" } },
          destination: { pod: { name: "server" } },
          denied: { reason: "no-match", policies: ["default/server"] },
        });
        expect(Date.parse(flow.from)).toBeLessThanOrEqual(ended);
        expect(Date.parse(flow.to)).toBeGreaterThanOrEqual(begun);
      }
    }
  } finally {
    await told.close();
  }
});

test("of two agents on a node one writes; the other waits, says so, and takes over when the first ends", async () => {
  const second = agentOf(nodeA.name);
  second.start("--api-address", "127.0.0.1:9754");
  try {
    await second.condition("AnotherAgent", "LockHeld");
    expect(readyz(nodeA.name, 9754)).toEqual([
      503,
      expect.stringContaining(`process ${agentA.pid} is the agent`),
    ]);
    expect(second.lines.filter(isReady)).toEqual([]);
    expect(await agentA.end("SIGTERM"), agentA.tail()).toBe(0);
    await second.logged(isReady);
    expect(readyz(nodeA.name, 9754)).toEqual([200, "ok\n"]);
  } finally {
    await second.end("SIGTERM");
  }
});

describe("without the API, on a kernel that has no table (agent A has ended)", () => {
  beforeAll(() => api.closeDoor());

  /** As the node's unit does. */
  const closeAtBoot = () => {
    const unit = readFileSync(
      new URL("../../deploy/systemd/portcullis-closed.service", import.meta.url),
      "utf8",
    );
    const script = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(unit)![1]!;
    machines.run(nodeA.name, ["sh", "-c", script.replaceAll("/var/lib/portcullis", stateOf(nodeA.name))]);
  };
  const reboot = () => machines.run(nodeA.name, ["nft", "delete", "table", "inet", "portcullis"]);

  test("what was in force comes from the disk, until the API is heard", async () => {
    const { server, friend, stranger, unknown } = machines.places;
    reboot();
    const from = agentA.lines.length;
    agentA.start();
    await agentA.condition("FromDisk", "ApiNotHeard", from);
    await Promise.all([
      expectOpen(friend, server),
      expectClosed(stranger, server),
      expectClosed(friend, unknown),
    ]);
    expect(readyz(nodeA.name)).toEqual([503, expect.stringContaining("NotSynced")]);
    await agentA.end("SIGTERM");
  });

  test("a node that closes its pods at boot keeps them closed, until the disk or the API says more", async () => {
    const { server, friend, stranger, neighbour } = machines.places;
    reboot();
    closeAtBoot();
    await Promise.all([
      expectClosed(friend, server),
      expectClosed(neighbour, server),
      expectClosed(server, friend),
      expectOpen(machines.hosts[0], server),
    ]);
    const from = agentA.lines.length;
    agentA.start();
    await agentA.condition("FromDisk", "ApiNotHeard", from);
    await Promise.all([untilOpen(friend, server), expectClosed(stranger, server)]);
    await agentA.end("SIGTERM");
    // An enforced table is never taken for none.
    closeAtBoot();
    await Promise.all([expectOpen(friend, server), expectClosed(stranger, server)]);
  });

  test("a kernel that has the table keeps it, and the disk is not asked", async () => {
    const { server, friend, stranger } = machines.places;
    writeFileSync(join(stateOf(nodeA.name), "program.jsonl"), "nonsense");
    const from = agentA.lines.length;
    agentA.start();
    await agentA.condition("ApiUnreachable", "NoAnswer", from);
    await Promise.all([expectOpen(friend, server), expectClosed(stranger, server)]);
    await agentA.end("SIGTERM");
    expect(agentA.lines.slice(from).filter(({ condition }) => condition === "FromDisk")).toEqual([]);
  });

  test("a state that is not whole is refused, and every pod of the node is closed", async () => {
    const { server, friend, neighbour } = machines.places;
    await api.openDoor();
    const from = agentA.lines.length;
    agentA.start();
    await agentA.logged(isReady, from);
    await agentA.end("SIGTERM");
    await api.closeDoor();
    reboot();
    truncateSync(join(stateOf(nodeA.name), "program.jsonl"), 700);
    agentA.start();
    await agentA.condition("FromDisk", "StateTorn", from);
    await Promise.all([
      expectClosed(friend, server),
      expectClosed(neighbour, server),
      expectClosed(server, friend),
      expectClosed(friend, neighbour, 81),
    ]);
    await api.openDoor();
    await untilOpen(friend, server);
    await agentA.logged(({ condition, status }) => condition === "FromDisk" && status === false, from);
  });
});

test("a disk that is full is told, and enforcement goes on", async () => {
  const { server, friend, stranger } = machines.places;
  await agentA.end("SIGTERM");
  const from = agentA.lines.length;
  agentA.start("--state-dir", machines.fullDirectory);
  await agentA.condition("StateNotWritten", "WriteFailed", from);
  expect(JSON.stringify(agentA.lines.slice(from))).toContain("ENOSPC");
  await cluster.allow("server", "server", ["stranger"]);
  await Promise.all([untilOpen(stranger, server), untilClosed(friend, server)]);
  expect(readyz(nodeA.name)).toEqual([200, "ok\n"]);
});

/** The status and the text. */
function readyz(node: string, port = 9753): readonly [number, string] {
  const text = machines.run(node, ["curl", "-s", "-w", "%{http_code}", `http://127.0.0.1:${port}/readyz`]);
  return [Number(text.slice(-3)), text.slice(0, -3)];
}
