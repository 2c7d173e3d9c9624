import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Dataplane } from "@portcullis/dataplane";
import { parseAddress, parseCidr } from "@portcullis/engine";
import { type KubeObject, resources } from "@portcullis/kube";
import { FakeNft, NftProcess, tableDifference } from "@portcullis/nft";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clusterOf } from "./api-cluster.ts";
import { BreakableApi } from "./breakable-api.ts";
import { Churn, nodeName } from "./churn.ts";
import { KillableAgent } from "./killable-agent.ts";
import { type NodeNamespace, openNode, podCidrs } from "./node-namespace.ts";
import type { PodPlace, Probe } from "./pod.ts";
import { Random } from "./random.ts";
import { type Invariant, ProbeWatch } from "./watch-probes.ts";

// What enforcement promises while its parts are killed. Longer by PORTCULLIS_FAULT_SECONDS; another course by
// PORTCULLIS_SEED.

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const seconds = Number(process.env.PORTCULLIS_FAULT_SECONDS ?? 10);
vi.setConfig({ testTimeout: (seconds + 110) * 1_000 });
const table = { family: "inet", name: "portcullis" } as const;
const random = new Random(seed);

let node: NodeNamespace;
let api: BreakableApi;
let agent: KillableAgent;
let churn: Churn;
let nft: NftProcess;
let target: PodPlace;
let friend: PodPlace;
let stranger: PodPlace;
let restless: PodPlace[];

beforeAll(async () => {
  api = await BreakableApi.open();
  node = await openNode(["target", "friend", "stranger", "restless-1", "restless-2"]);
  [target, friend, stranger, ...restless] = node.places as [PodPlace, PodPlace, PodPlace];
  nft = new NftProcess({ command: node.command });
  agent = new KillableAgent(node.command, api.socketPath, nodeName);
  churn = new Churn(api.client, random, restless);
  inNode("nft", "-f", "-", foreignTable);
  await churn.begin([target, friend, stranger]);
  agent.start();
  await agent.enforced(churn.versions);
  node.forward();
});

afterAll(async () => {
  await agent?.kill();
  await nft?.close();
  await node?.close();
  await api?.close();
});

test(`whatever is killed, nothing forbidden passes and nothing allowed is lost (seed ${seed})`, async () => {
  const foreign = inNode("nft", "list", "table", "inet", "foreign");
  // The node may always reach its pods, whichever address it does it from.
  const held = await Promise.all(
    [friend, node.host].flatMap((from) =>
      target.addresses.map(async (address) => ({ from, id: await from.hold(address, 80) })),
    ),
  );
  const watch = new ProbeWatch(invariants());
  const deadline = Date.now() + seconds * 1_000;
  const names = Object.keys(faults(watch));
  const met = new Map<string, number>();
  for (let round = 0; Date.now() < deadline || round < names.length; round += 1) {
    // Each once, then by chance.
    const name = round < names.length ? names[round]! : random.pick(names);
    met.set(name, (met.get(name) ?? 0) + 1);
    const [before, pauses] = [random.below(80), Array.from({ length: 8 }, () => random.below(15))];
    const changing = (async () => {
      for (const pause of pauses) {
        await churn.step();
        await sleep(pause);
      }
    })();
    await sleep(before);
    await faults(watch)[name]!();
    await changing;
    await agent.enforced(churn.versions);
    // The state at rest is the engine's, in every direction.
    if (round % 3 === 0) expect(await disagreements()).toEqual([]);
  }

  const { wrong, excused } = await watch.end();
  expect(wrong, agent.log.slice(-20).join("\n")).toEqual([]);
  // A damaged table did let packets through: what watches would have seen them.
  expect(excused.length).toBeGreaterThan(0);
  expect(watch.sent).toBeGreaterThan(seconds * 50);
  for (const { from, id } of held) {
    // After a damage TCP waits before it sends again, and the longer the longer that took.
    const silence = async () => (await from.held(id)).silenceMs;
    await expect.poll(silence, { timeout: 10_000, message: from.name }).toBeLessThan(500);
    const { closed, heard } = await from.held(id);
    expect(closed).toBe(false);
    expect(heard).toBeGreaterThan(seconds * 5);
  }
  const cutOfTheNode = agent.log.filter((line) =>
    node.host.addresses.some((own) => line.includes(`${own} →`)),
  );
  expect(cutOfTheNode).toEqual([]);
  console.log(
    `seed ${seed}: ${watch.sent} probes, ${excused.length} answered otherwise while the table was damaged; ${[...met].map(([name, n]) => `${name} ${n}`).join(", ")}`,
  );
  expect(inNode("nft", "list", "table", "inet", "foreign")).toBe(foreign);
});

test(`a connection that is denied as the agent dies is cut when it is back (seed ${seed})`, async () => {
  const closed = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "stranger-closed", namespace: "default" },
    spec: { podSelector: { matchLabels: { app: "stranger" } }, policyTypes: ["Ingress"] },
  };
  const inForce = ({ metadata }: KubeObject) =>
    agent.enforced(new Map([["networkpolicies", BigInt(metadata.resourceVersion ?? 0)]]));
  for (const killedAfterMs of seconds > 10 ? [0, 5, 10, 15, 25, 40, 60] : [0, 10, 30]) {
    const connection = await target.hold(stranger.addresses[random.below(2)]!, 80);
    await expect.poll(async () => (await target.held(connection)).heard).toBeGreaterThan(5);
    const written = await api.client.create(resources.networkpolicies, closed);
    await sleep(killedAfterMs);
    await agent.kill();
    agent.start();
    await inForce(written);
    // What was on its way arrives; then nothing does, though both sides speak every 20 ms.
    const silence = async () => (await target.held(connection)).silenceMs;
    await expect.poll(silence, { message: `killed after ${killedAfterMs} ms` }).toBeGreaterThan(400);
    await inForce(await api.client.delete(resources.networkpolicies, "stranger-closed", "default"));
  }
});

test("the end is what a fresh start makes of it, and denied packets are counted", async () => {
  const actual = await nft.list(table);
  const fresh = new FakeNft();
  const dataplane = new Dataplane({
    nft: fresh,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: podCidrs.map((cidr) => parseCidr(cidr)!),
    // What leads to pods is the node's to tell.
    podLinks: async () => [...(actual?.sets.get("pod_links")?.elements.keys() ?? [])],
  });
  const cluster = await clusterOf(api.client);
  await dataplane.apply(cluster.program({ node: nodeName }));
  expect(tableDifference(actual, (await fresh.list(table))!)).toEqual([]);

  const probe = { address: target.addresses[0], port: 81, protocol: "TCP", timeoutMs: 300 } as const;
  expect((await stranger.probe([probe]))[0]?.outcome).toBe("timeout");
  const flow = { source: stranger.addresses[0], destination: target.addresses[0], protocol: "TCP", port: 81 };
  const drops = await new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [],
  }).drops();
  expect(drops).toContainEqual(expect.objectContaining({ direction: "Ingress", ...flow }));
});

/** Each resolves when the fault is over, as far as the one who made it is concerned. */
function faults(watch: ProbeWatch): Readonly<Record<string, () => Promise<void>>> {
  return {
    "nft killed": async () => agent.killNft(),
    "watches broken": async () => api.breakConnections(),
    "history compacted": async () => {
      await api.closeDoor();
      for (let i = 0; i < 3; i += 1) await churn.step();
      api.compact();
      await api.openDoor();
    },
    "API away": async () => {
      await api.closeDoor();
      await sleep(random.below(400));
      await api.openDoor();
    },
    "agent killed": async () => {
      await agent.kill();
      await sleep(random.below(400));
      agent.start();
    },
    "agent killed twice": async () => {
      await agent.kill();
      agent.start();
      await sleep(random.below(600));
      await agent.kill();
      agent.start();
    },
    "table deleted": () => damage(watch, "delete table inet portcullis"),
    "table flushed": () => damage(watch, "flush table inet portcullis"),
    "table put to sleep": () => damage(watch, "add table inet portcullis { flags dormant; }"),
    "rule inserted": () => damage(watch, "insert rule inet portcullis pods_forward accept"),
    "policy changed": () => damage(watch, "chain inet portcullis pods_forward { policy drop; }"),
    "judge opened": () => damage(watch, "flush chain inet portcullis c_pods"),
    "element added": () =>
      damage(
        watch,
        `add element inet portcullis self_v4 { ${stranger.addresses[0]} . ${target.addresses[0]} }`,
      ),
  };
}

/** Somebody changes our table; nothing is promised from then until the agent has noticed and mended it. */
async function damage(watch: ProbeWatch, command: string): Promise<void> {
  await agent.enforced(churn.versions);
  const { mends } = agent;
  const excuse = { from: performance.timeOrigin + performance.now(), to: Number.POSITIVE_INFINITY };
  watch.excused.push(excuse);
  inNode("nft", command);
  await agent.until(() => agent.mends > mends, `mended after: ${command}`);
  // An answer that was on its way is over by then.
  excuse.to = performance.timeOrigin + performance.now() + 50;
}

function invariants(): readonly Invariant[] {
  const to = (port: number, protocol: "TCP" | "UDP", timeoutMs: number): readonly Probe[] =>
    target.addresses.map((address) => ({ address, port, protocol, timeoutMs }));
  const denied = [...to(80, "TCP", 200), ...to(80, "UDP", 200)];
  return [
    { from: friend, allowed: true, probes: to(80, "TCP", 5_000) },
    { from: friend, allowed: true, probes: to(80, "UDP", 5_000) },
    { from: friend, allowed: false, probes: [...to(81, "TCP", 200), ...to(81, "UDP", 200)] },
    { from: stranger, allowed: false, probes: denied },
    { from: stranger, allowed: false, probes: [...denied, ...to(81, "TCP", 200)] },
    ...restless.map((from) => ({ from, allowed: false, probes: denied })),
  ];
}

/** Every place to every other, held against the engine; a place without a pod is closed. */
async function disagreements(): Promise<readonly string[]> {
  const cluster = await clusterOf(api.client);
  const lines = await Promise.all(
    node.places.map(async (from) => {
      const others = node.places.filter((to) => to !== from);
      const allows = (address: string, port: number): boolean => {
        const destination = parseAddress(address)!;
        const source = parseAddress(from.addresses[destination.family === 4 ? 0 : 1])!;
        const known = [source, destination].every((each) => cluster.podByAddress(each) !== undefined);
        const flow = { source: { address: source }, destination: { address: destination }, port };
        return known && cluster.allows({ ...flow, protocol: "TCP" });
      };
      const probes = others.flatMap(({ addresses }) =>
        addresses.flatMap((address) =>
          [80, 81].map((port): Probe => {
            // A busy machine is no policy: an answer is waited for longer than silence.
            const timeoutMs = allows(address, port) ? 5_000 : 400;
            return { address, port, protocol: "TCP", timeoutMs };
          }),
        ),
      );
      const results = await from.probe(probes);
      return results.flatMap(({ address, port, outcome }) => {
        const allowed = allows(address, port);
        return (outcome === "connected") === allowed
          ? []
          : [`${from.name} → ${address} port ${port}: ${outcome}, engine: ${allowed}`];
      });
    }),
  );
  return lines.flat();
}

/** Runs a program in the node's namespaces. The last argument is its input when it has line breaks. */
function inNode(...argv: readonly string[]): string {
  const input = argv.at(-1)?.includes("\n") ? argv.at(-1)! : "";
  const [program = "", ...args] = [...node.command, ...(input === "" ? argv : argv.slice(0, -1))];
  return execFileSync(program, args, { encoding: "utf8", input });
}

const foreignTable = `
table inet foreign {
  set marked {
    type ipv4_addr
    elements = { 10.244.0.1, 192.0.2.1 }
  }
  chain c_watching {
    type filter hook forward priority 10; policy accept;
    ip saddr @marked accept
  }
}
`;
