import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import { Churn } from "../faults/churn.ts";
import type { PodPlace, Probe } from "../faults/pod.ts";
import { Random } from "../faults/random.ts";
import { type Invariant, ProbeWatch } from "../faults/watch-probes.ts";
import { differencesFromFreshStart } from "./fresh-start.ts";
import { nodes, type PlaceName, places } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { openTwoNodes, type TwoNodes } from "./two-nodes.ts";

// The agents of two nodes killed at random moments, for as long as everything changes. Longer by
// PORTCULLIS_AGENT_CHAOS_SECONDS; another course by PORTCULLIS_SEED.

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const seconds = Number(process.env.PORTCULLIS_AGENT_CHAOS_SECONDS ?? 4);
const random = new Random(seed);
const scratch = mkdtempSync(join(tmpdir(), "portcullis-chaos-"));

let machines: TwoNodes;
let api: BreakableApi;
let churn: Churn;
let agents: readonly NodeAgent[];

beforeAll(async () => {
  [api, machines] = await Promise.all([BreakableApi.open(), openTwoNodes()]);
  const { target, friend, stranger, neighbour, "restless-a": a, "restless-b": b } = machines.places;
  churn = new Churn(api.client, random, [a, b], {
    nodes,
    nodeOf: ({ name }) => places[name as PlaceName].node,
  });
  await churn.begin([target, friend, stranger, neighbour]);
  agents = nodes.map(
    ({ name }) =>
      new NodeAgent(machines.commandOf(name), [
        ...["--server", api.socketPath, "--node-name", name, "--state-dir", join(scratch, name)],
        // Sooner than an agent that starts has listed everything, and only where the kernel has no table.
        ...["--cold-start-after", "50ms", "--namespace", "default"],
      ]),
  );
  for (const agent of agents) agent.start();
  await Promise.all(agents.map((agent) => agent.logged(({ event }) => event === "programmed")));
});

afterAll(async () => {
  await Promise.all(agents?.map((agent) => agent.end("SIGKILL")) ?? []);
  await machines?.close();
  await api?.close();
  rmSync(scratch, { recursive: true });
});

test(
  `agents killed at any moment: nothing forbidden passes, nothing allowed is lost (seed ${seed})`,
  async () => {
    const { target, friend } = machines.places;
    const held = await Promise.all(target.addresses.map((address) => friend.hold(address, 80)));
    const watch = new ProbeWatch(invariants());
    const deadline = performance.now() + seconds * 1_000;
    const [kills, steps] = await Promise.all([
      Promise.all(agents.map((agent) => killing(agent, deadline))),
      changing(deadline),
    ]);

    const { wrong } = await watch.end();
    expect(wrong, agents.map((agent) => agent.tail()).join("\n")).toEqual([]);
    expect(watch.sent).toBeGreaterThan(seconds * 20);
    for (const connection of held) {
      const { closed, heard } = await friend.held(connection);
      expect(closed).toBe(false);
      expect(heard).toBeGreaterThan(seconds * 5);
    }
    // What the last lives made of it is what one life would have made of it.
    for (const node of nodes) {
      const differences = () => differencesFromFreshStart(node, machines.commandOf(node.name), api.client);
      await expect.poll(differences, { timeout: 15_000, interval: 200, message: node.name }).toEqual([]);
    }
    console.log(
      `seed ${seed}: ${watch.sent} probes, ${steps} changes, agents killed ${kills.join(" and ")} times`,
    );
  },
  (seconds + 60) * 1_000,
);

/** Kills it after a while that is mostly short, and has it down for a while that is mostly shorter. */
async function killing(agent: NodeAgent, deadline: number): Promise<number> {
  let kills = 0;
  while (performance.now() < deadline) {
    await sleep(random.pick([50, 200, 400, 600, 800, 1_200, 3_000]) * random.next());
    await agent.end("SIGKILL");
    kills += 1;
    await sleep(random.pick([0, 0, 300, 1_000]) * random.next());
    agent.start();
  }
  return kills;
}

async function changing(deadline: number): Promise<number> {
  let steps = 0;
  for (; performance.now() < deadline; steps += 1) {
    await churn.step();
    // What an agent lists as it starts, and what it watches, may break off, too, and be too old to be taken up again.
    if (random.below(40) === 0) api.breakConnections();
    if (random.below(80) === 0) api.compact();
    await sleep(random.below(40));
  }
  return steps;
}

function invariants(): readonly Invariant[] {
  const { target, friend, stranger, neighbour, unknown, ...others } = machines.places;
  const to = (place: PodPlace, port: number, protocol: "TCP" | "UDP", timeoutMs: number): readonly Probe[] =>
    place.addresses.map((address) => ({ address, port, protocol, timeoutMs }));
  const denied = [...to(target, 80, "TCP", 200), ...to(target, 80, "UDP", 200)];
  return [
    { from: friend, allowed: true, probes: to(target, 80, "TCP", 5_000) },
    { from: friend, allowed: true, probes: to(target, 80, "UDP", 5_000) },
    { from: friend, allowed: false, probes: to(target, 81, "TCP", 200) },
    { from: friend, allowed: false, probes: to(unknown, 80, "TCP", 200) },
    { from: unknown, allowed: false, probes: denied },
    { from: stranger, allowed: false, probes: denied },
    { from: neighbour, allowed: false, probes: denied },
    { from: others["restless-a"], allowed: false, probes: denied },
    { from: others["restless-b"], allowed: false, probes: denied },
  ];
}
