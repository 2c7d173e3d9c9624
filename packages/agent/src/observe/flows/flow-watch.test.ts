import type { Reading, ToldFlows } from "@portcullis/dataplane";
import type { FlowRecord } from "@portcullis/engine";
import { expect, test } from "vitest";
import { StateError } from "../../state/state-error.ts";
import { clusterOf, podObject, policyObject, put, takePod } from "../objects.testing.ts";
import { DenialExplainer } from "./denial-explainer.ts";
import { DepartedPods } from "./departed-pods.ts";
import { FlowNamer } from "./flow-namer.ts";
import { type ClusterKnown, FlowWatch, type FlowWatchOptions } from "./flow-watch.ts";
import type { SeenFlow } from "./seen-flow.ts";

const drop = (packets: number, more: Partial<SeenFlow> = {}): SeenFlow => ({
  direction: "Ingress",
  source: "10.0.0.1",
  destination: "10.0.0.2",
  protocol: "TCP",
  port: 5432,
  reason: "no-match",
  packets,
  ...more,
});

const noReading: Reading = { atMs: 0, told: new Map(), news: new Map(), gone: [] };

function setUp(more: Partial<FlowWatchOptions> = {}) {
  const cluster = clusterOf(
    podObject("web", ["10.0.0.1"]),
    podObject("db", ["10.0.0.2"]),
    policyObject("db-in", "db", { app: "api", port: 5432 }),
    policyObject("db-closed", "db"),
  );
  const departed = new DepartedPods();
  const kernel: { flows: readonly SeenFlow[]; fails?: Error; reads: number } = { flows: [], reads: 0 };
  const resumed: ToldFlows[] = [];
  const clock = { nowMs: 0 };
  const watch = new FlowWatch({
    verdict: "denied",
    nodeName: "node-1",
    reader: {
      full: false,
      read: async () => {
        if (kernel.fails !== undefined) throw kernel.fails;
        kernel.reads += 1;
        return kernel.flows;
      },
      resume: (told) => {
        resumed.push(told);
      },
      get reading() {
        return { ...noReading, atMs: kernel.reads };
      },
    },
    namer: new FlowNamer(cluster, departed),
    explainer: new DenialExplainer(cluster),
    now: () => clock.nowMs,
    mostExplained: 200,
    ...more,
  });
  const look = async (flows: readonly SeenFlow[], atMs: number) => {
    kernel.flows = flows;
    clock.nowMs = atMs;
    return await watch.look();
  };
  return { cluster, departed, kernel, clock, watch, look, resumed };
}

test("a drop is told with its pods, the policies that isolate, and the rule that came closest", async () => {
  const { look } = setUp();
  expect(await look([], 0)).toEqual({ records: [], rest: [], full: false });
  const { records } = await look([drop(3)], 10_000);
  expect(records).toEqual([
    {
      kind: "Flow",
      verdict: "denied",
      node: "node-1",
      source: { address: "10.0.0.1", pod: { namespace: "shop", name: "web" } },
      destination: { address: "10.0.0.2", pod: { namespace: "shop", name: "db" } },
      protocol: "TCP",
      port: 5432,
      count: 3,
      from: "1970-01-01T00:00:00.000Z",
      to: "1970-01-01T00:00:10.000Z",
      denied: {
        direction: "Ingress",
        reason: "no-match",
        policies: ["shop/db-closed", "shop/db-in"],
        nearest: "ingress[0] of shop/db-in: peer needs app=api, pod has app=web",
      },
    },
  ]);
});

test("of a flow that policies allow by now it is said that things changed", async () => {
  const { cluster, look } = setUp();
  await look([], 0);
  cluster.delete("NetworkPolicy", "shop", "db-in");
  cluster.delete("NetworkPolicy", "shop", "db-closed");
  const { records } = await look([drop(1)], 1);
  expect(records[0]?.denied).toEqual({ direction: "Ingress", policies: [], reason: "changed" });
});

test("of an address that is not programmed yet, no policy is to blame", async () => {
  const { look } = setUp();
  await look([], 0);
  const { records } = await look([drop(1, { reason: "unprogrammed" })], 1);
  expect(records[0]?.denied).toEqual({ direction: "Ingress", policies: [], reason: "unprogrammed" });
});

test("a pod that is gone by now is still judged by its own labels", async () => {
  const { cluster, departed, look } = setUp();
  await look([], 0);
  const pod = takePod(cluster, "db");
  departed.note(pod, pod.addresses, 5);
  put(cluster, podObject("other", ["10.0.0.9"]));
  const { records } = await look([drop(1)], 10);
  expect(records[0]?.destination.pod?.name).toBe("db");
  expect(records[0]?.denied?.policies).toEqual(["shop/db-closed", "shop/db-in"]);
});

test("a protocol without ports, by its number, is explained as policies see it", async () => {
  const { look } = setUp();
  await look([], 0);
  const { records } = await look([drop(1, { protocol: "47", port: 0 })], 1);
  expect(records[0]).toMatchObject({ protocol: "47", port: 0, denied: { reason: "no-match" } });
});

test("after a look that failed the next one covers its time too", async () => {
  const { kernel, look } = setUp();
  await look([drop(1)], 1_000);
  kernel.fails = new Error("nft died");
  await expect(look([], 2_000)).rejects.toThrow("nft died");
  delete kernel.fails;
  const { records } = await look([drop(3)], 3_000);
  expect(records[0]).toMatchObject({ count: 3, from: "1970-01-01T00:00:01.000Z" });
});

test("under a clock that was set back, no flow ends before it begins", async () => {
  const { look } = setUp();
  await look([], 10_000);
  const { records } = await look([drop(1)], 4_000);
  expect(records[0]).toMatchObject({ from: "1970-01-01T00:00:04.000Z", to: "1970-01-01T00:00:04.000Z" });
});

test("of 10,000 flows the largest are explained, and all packets of the others are counted", async () => {
  const { look } = setUp();
  await look([], 0);
  const flows = Array.from({ length: 10_000 }, (_, i) =>
    drop(i + 1, {
      source: `172.16.${i >> 8}.${i & 255}`,
      ...(i % 4 === 0 && {
        direction: "Egress" as const,
        source: "10.0.0.1",
        destination: `172.16.${i >> 8}.${i & 255}`,
      }),
    }),
  );
  const { records, rest } = await look(flows, 10_000);
  expect(records.map(({ count }) => count)).toEqual(Array.from({ length: 200 }, (_, i) => 10_000 - i));
  expect(rest.map(({ direction, flows: many }) => [direction, many])).toEqual([
    ["Egress", 2_450],
    ["Ingress", 7_350],
  ]);
  const told = [...records, ...rest].reduce((sum, { count }) => sum + count, 0);
  expect(told).toBe((10_000 * 10_001) / 2);
});

test("while many flows are explained, other work goes on", async () => {
  const { look } = setUp({ mostExplained: 3_000 });
  await look([], 0);
  const flows = Array.from({ length: 3_000 }, (_, i) => drop(1, { source: `172.16.${i >> 8}.${i & 255}` }));
  let turns = 0;
  let done = false;
  const others = () => {
    turns += 1;
    if (!done) setImmediate(others);
  };
  setImmediate(others);
  const { records } = await look(flows, 1);
  done = true;
  expect(records).toHaveLength(3_000);
  expect(turns).toBeGreaterThan(2);
});

test("what passed has no denial, unless staged policies would deny it", async () => {
  const { direction: _direction, reason: _reason, ...passed } = drop(2);
  const judgeStaged = (record: FlowRecord): FlowRecord | undefined =>
    record.port === 5432
      ? {
          ...record,
          verdict: "would-be-denied",
          denied: { direction: "Ingress", policies: ["shop/s"], reason: "no-match" },
        }
      : undefined;
  const { look } = setUp({ verdict: "allowed", judgeStaged });
  await look([], 0);
  const { records } = await look([passed, { ...passed, port: 81, packets: 1 }], 1);
  expect(records.map(({ verdict, denied }) => [verdict, denied?.policies])).toEqual([
    ["would-be-denied", ["shop/s"]],
    ["allowed", undefined],
  ]);
});

/** What the agent before has told, and what this one tells: the reading, and when it began. */
function journalOf(told: ToldFlows | StateError | undefined, isEven = true) {
  const added: (readonly [number, number])[] = [];
  const load = async () => {
    if (told instanceof StateError) throw told;
    return told && { told, fromMs: 2_000, isEven };
  };
  const add = async ({ atMs }: Reading, wallMs: number) => {
    added.push([atMs, wallMs]);
  };
  return { added, journal: { load, add } };
}

test("where the agent before left word of what it told, the first look gives the rest, since it last looked", async () => {
  const told: ToldFlows = new Map([["a", { packets: 1, expiresAtMs: 1 }]]);
  const { added, journal } = journalOf(told);
  const { look, watch, resumed } = setUp({ journal });
  const { records } = await look([drop(3)], 60_000);
  expect(resumed).toEqual([told]);
  expect(records).toMatchObject([
    { count: 3, from: "1970-01-01T00:00:02.000Z", to: "1970-01-01T00:01:00.000Z" },
  ]);
  expect(added).toEqual([]);
  await watch.told();
  await watch.told();
  expect(added).toEqual([[1, 60_000]]);
});

test("of packets that came long after it last looked it is told when they can have come at the earliest", async () => {
  const hour = 3_600_000;
  const from = async (isEven: boolean, ...packets: number[]) => {
    const { look } = setUp(journalOf(new Map(), isEven));
    const flows = packets.map((count) => drop(count, { port: count }));
    const first = (await look(flows, 2 * hour)).records.map(({ from }) => from.slice(11, 19));
    return [...first, ...(await look([drop(1)], 3 * hour)).records.map(({ from }) => from.slice(11, 19))];
  };
  // A flow is forgotten after five minutes.
  expect(await from(true, 100, 3, 1)).toEqual(["00:00:02", "01:45:00", "01:55:00", "02:00:00"]);
  // By a clock that was set, or stood still, nothing of the kind is known.
  expect(await from(false, 3, 1)).toEqual(["00:00:02", "00:00:02", "02:00:00"]);
});

test("where it left none, or none that can be used, all that the kernel knows at first counts as told", async () => {
  for (const left of [undefined, new StateError("Torn", "its end is missing")]) {
    const refused: StateError[] = [];
    const { added, journal } = journalOf(left);
    const { look, watch, resumed } = setUp({ journal, onRefused: (error) => refused.push(error) });
    expect((await look([drop(3)], 60_000)).records).toEqual([]);
    await watch.told();
    expect(added).toEqual([[1, 60_000]]);
    expect(refused).toEqual(left === undefined ? [] : [left]);
    expect(resumed).toEqual([]);
    expect((await look([drop(3)], 70_000)).records).toMatchObject([
      { count: 3, from: "1970-01-01T00:01:00.000Z" },
    ]);
  }
});

test("while the cluster is awaited nothing is read, so that nothing is told without names", async () => {
  let cluster: ClusterKnown = "awaited";
  const { added, journal } = journalOf(new Map());
  const { kernel, look, watch } = setUp({ journal, clusterKnown: () => cluster });
  expect(await look([drop(3)], 60_000)).toEqual({ records: [], rest: [], full: false });
  await watch.told();
  expect([kernel.reads, added]).toEqual([0, []]);
  cluster = "known";
  expect((await look([drop(3)], 70_000)).records).toMatchObject([
    { from: "1970-01-01T00:00:02.000Z", count: 3 },
  ]);
});

test("what counts as told need not wait for names", async () => {
  const { kernel, look } = setUp({ clusterKnown: () => "awaited" });
  await look([drop(3)], 1);
  expect(kernel.reads).toBe(1);
  expect((await look([drop(3)], 2)).records).toEqual([]);
  expect(kernel.reads).toBe(1);
});

test("of a cluster that is not heard of nothing is said but what the kernel says", async () => {
  const { cluster, look } = setUp({ clusterKnown: () => "unknown" });
  await look([], 0);
  for (const policy of ["db-in", "db-closed"]) cluster.delete("NetworkPolicy", "shop", policy);
  const { records } = await look([drop(1)], 1);
  expect(records[0]?.denied).toEqual({ direction: "Ingress", policies: [], reason: "no-match" });
});

test("a look that fails leaves nothing to keep", async () => {
  const { added, journal } = journalOf(new Map());
  const { kernel, look, watch } = setUp({ journal });
  kernel.fails = new Error("nft died");
  await expect(look([], 1)).rejects.toThrow("nft died");
  await watch.told();
  expect(added).toEqual([]);
});
