import { get } from "node:http";
import { Dataplane, type Reading } from "@portcullis/dataplane";
import { type Cluster, type FlowRecord, parseCidr } from "@portcullis/engine";
import { FakeNft, NftUnavailable } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Conditions } from "../conditions.ts";
import { StateError } from "../state/state-error.ts";
import { agentEvents } from "./agent-events.testing.ts";
import { eventually } from "./eventually.testing.ts";
import { streamEvents } from "./http/stream-filter.ts";
import { Log } from "./log/log.ts";
import { type LogEvent, logEvents } from "./log/log-events.ts";
import { clusterOf, podObject, policyObject, takePod } from "./objects.testing.ts";
import { Observability, type ObservabilityOptions } from "./observability.ts";
import { expectSection, markdownTable } from "./page-section.testing.ts";
import { WatchedNft } from "./watched-nft.ts";

const free = { host: "127.0.0.1", port: 0 };
const atMs = Date.UTC(2026, 0, 31, 12);

let observed: Observability[];
let lines: Record<string, unknown>[];
let nowMs: number;
beforeEach(() => {
  observed = [];
  lines = [];
  nowMs = atMs;
});
afterEach(() => Promise.all(observed.map((each) => each.close())));

/** What an agent is made of, without an API: its cluster in force in a fake kernel, and its observability. */
async function setUp(more: Partial<ObservabilityOptions> = {}, agent = { inSync: true }) {
  const cluster = clusterOf(
    podObject("web", ["10.244.0.1"]),
    podObject("db", ["10.244.0.2"]),
    policyObject("db-in", "db", { app: "api", port: 5432 }),
  );
  const kernel = new FakeNft();
  const nft = new WatchedNft(kernel);
  const dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [parseCidr("10.244.0.0/24")!],
  });
  const conditions = new Conditions(
    (event) => observability.listener(event),
    () => nowMs,
  );
  const observability = new Observability({
    nodeName: "node-1",
    version: "1.2.3",
    conditions,
    log: new Log({ write: documented, now: () => nowMs }),
    nft,
    api: free,
    // Looks are taken by the tests.
    dropsEveryMs: 0,
    now: () => nowMs,
    metrics: { process: false, conntrack: async () => undefined },
    ...more,
  });
  observed.push(observability);
  const addresses = await observability.start();
  const program = (c: Cluster) => dataplane.apply(c.program(() => true));
  await program(cluster);
  observability.watch({
    cluster,
    get inSync() {
      return agent.inSync;
    },
    dropReader: () => dataplane.dropReader(),
    flowReader: () => dataplane.flowReader(),
  });
  await observability.look();
  return {
    cluster,
    kernel,
    nft,
    conditions,
    observability,
    addresses,
    url: `http://${addresses[0]}`,
    program,
  };
}

/** Every line has the fields that docs/agent/logs.md lists, and no others. */
function documented(text: string): void {
  const line = JSON.parse(text) as Record<string, unknown>;
  const { time: _time, level: _level, event, ...fields } = line;
  const known = Object.keys(logEvents[event as LogEvent].fields);
  expect(Object.keys(fields).filter((field) => !known.includes(field))).toEqual([]);
  lines.push(line);
}

const packet = newPacket("10.244.0.1", "10.244.0.2", { dport: 5432 });

const json = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;

test("a packet that the kernel drops is told with names: in the log, the list, the metrics", async () => {
  const { kernel, observability, url } = await setUp();
  for (let i = 0; i < 3; i += 1) expect(kernel.evaluate(packet).verdict).toBe("drop");
  nowMs += 10_000;
  await observability.look();
  const { flows } = (await json(`${url}/v1/drops`)) as { flows: readonly FlowRecord[] };
  expect(flows).toMatchObject([
    {
      verdict: "denied",
      node: "node-1",
      source: { pod: { name: "web" } },
      destination: { pod: { name: "db" } },
      port: 5432,
      count: 3,
      denied: {
        policies: ["shop/db-in"],
        nearest: "ingress[0] of shop/db-in: peer needs app=api, pod has app=web",
      },
    },
  ]);
  expect(lines.filter(({ event }) => event === "flow-denied")).toMatchObject([{ ...flows[0] }]);
  expect(await json(`${url}/v1/drops?pod=shop/api`)).toEqual({ flows: [] });
  expect(await json(`${url}/v1/flows`)).toEqual({ flows: [] });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(
    'portcullis_policy_dropped_packets_total{policy="shop/db-in",direction="Ingress"} 3',
  );
  expect(metrics).toContain('portcullis_nft_errors_total{operation="transaction"} 0');
});

test("a pod whose address was another's a moment ago is not blamed alone", async () => {
  const { cluster, kernel, observability, url } = await setUp();
  kernel.evaluate(packet);
  const pod = takePod(cluster, "web");
  nowMs += 1_000;
  observability.listener({ type: "addresses-released", pod, addresses: pod.addresses, atMs: nowMs });
  cluster.upsert({ ...pod, name: "web-2" });
  nowMs += 1_000;
  await observability.look();
  const { flows } = (await json(`${url}/v1/drops`)) as { flows: readonly FlowRecord[] };
  expect(flows[0]?.source).toEqual({
    address: "10.244.0.1",
    pod: { namespace: "shop", name: "web-2" },
    formerly: [{ namespace: "shop", name: "web" }],
  });
});

test("of very many dropped flows all packets are counted, and the log says of how many it tells nothing", async () => {
  const { kernel, observability, url } = await setUp({ mostExplained: 5 });
  for (let i = 0; i < 40; i += 1) kernel.evaluate({ ...packet, saddr: `172.16.0.${i}` });
  await observability.look();
  expect(lines.filter(({ event }) => event === "flow-denied")).toHaveLength(5);
  expect(lines.filter(({ event }) => event === "flows-not-told")).toMatchObject([
    { verdict: "denied", direction: "Ingress", flows: 35, count: 35 },
  ]);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const dropped = [...metrics.matchAll(/^portcullis_dropped_packets_total{.*} (\d+)$/gm)];
  expect(dropped.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(40);
});

test("when the kernel has no room for further flows, that is told once, and measured", async () => {
  const { kernel, observability, url } = await setUp();
  const gauge = async () =>
    /^portcullis_flow_sets_full{what="denied"} (\d)$/m.exec(
      await (await fetch(`${url}/metrics`)).text(),
    )?.[1];
  expect(await gauge()).toBe("0");
  // The set of packets without ports to addresses that are not programmed takes 128.
  for (let i = 0; i < 128; i += 1)
    kernel.evaluate({ ...packet, protocol: "icmp", saddr: `172.16.0.${i}`, daddr: "10.244.0.99" });
  await observability.look();
  await observability.look();
  expect(await gauge()).toBe("1");
  expect(lines.filter(({ event }) => event === "flows-not-counted")).toMatchObject([{ verdict: "denied" }]);
});

test("who follows is told without waiting for the next turn", async () => {
  const { kernel, url } = await setUp({ dropsEveryMs: 3_600_000 });
  const abort = new AbortController();
  const stream = await fetch(`${url}/v1/events?type=drop`, { signal: abort.signal });
  kernel.evaluate(packet);
  let text = "";
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("event: drop")) text += (await reader.read()).value ?? "";
  abort.abort();
  expect(text).toContain('"policies":["shop/db-in"]');
});

test("the state is told as a whole, as a probe, and as it changes", async () => {
  const { conditions, observability, url } = await setUp();
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const abort = new AbortController();
  const stream = await fetch(`${url}/v1/events`, { signal: abort.signal });
  for (const event of agentEvents) if (event.type !== "condition") observability.listener(event);
  conditions.set("ApiUnreachable", "Refused", "no answer");
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await json(`${url}/v1/status`)).toEqual({
    node: "node-1",
    version: "1.2.3",
    ready: true,
    conditions: [
      {
        type: "ApiUnreachable",
        status: true,
        reason: "Refused",
        message: "no answer",
        since: "2026-01-31T12:00:00.000Z",
      },
    ],
    inForce: {
      since: "2026-01-31T12:00:00.000Z",
      confirmed: "2026-01-31T12:00:00.000Z",
      fromDisk: false,
      revisions: { networkpolicies: "42" },
      size: { localPods: 5, policies: 4, chains: 9, rules: 30, sets: 6, setElements: 70 },
    },
  });
  let text = "";
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("ApiUnreachable")) text += (await reader.read()).value ?? "";
  abort.abort();
  expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual([
    "in-force",
    "not-in-force",
    "drift",
    "drift-mended",
    "cut",
    "condition",
  ]);
});

test("how policies stand is told of those that are asked for", async () => {
  const { url } = await setUp({
    policies: () => [
      { policy: "shop/a", state: "InForce", resourceVersion: "7", sinceMs: atMs, localPods: 2 },
      { policy: "shop/b", state: "Failed", localPods: 0, reason: "nft refused it" },
      { policy: "other/a", state: "NothingToDo", resourceVersion: "9", localPods: 0 },
    ],
  });
  const a = {
    policy: "shop/a",
    state: "InForce",
    resourceVersion: "7",
    localPods: 2,
    since: "2026-01-31T12:00:00.000Z",
  };
  expect(await json(`${url}/v1/policies?policy=shop/a`)).toEqual({ policies: [a] });
  const names = async (query: string) =>
    ((await json(`${url}/v1/policies${query}`)) as { policies: { policy: string }[] }).policies.map(
      ({ policy }) => policy,
    );
  expect(await names("")).toEqual(["shop/a", "shop/b", "other/a"]);
  expect(await names("?namespace=shop&state=Failed,Pending")).toEqual(["shop/b"]);
  expect((await fetch(`${url}/v1/policies?pod=shop/a`)).status).toBe(400);
});

test("a kernel that cannot be asked is told, and asked again", async () => {
  let fails = true;
  const { observability, cluster, url } = await setUp();
  const other = new Observability({
    nodeName: "node-1",
    version: "1.2.3",
    conditions: { active: () => [], ready: true },
    log: new Log({ write: (line) => lines.push(JSON.parse(line)), now: () => nowMs }),
    api: false,
    dropsEveryMs: 1,
    metrics: { process: false },
  });
  observed.push(other);
  const kernel = new FakeNft();
  kernel.listElements = async () => {
    if (fails) throw new NftUnavailable("nft died");
    return new Map();
  };
  const dataplane = new Dataplane({
    nft: kernel,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [],
  });
  other.watch({
    cluster,
    inSync: true,
    dropReader: () => dataplane.dropReader(),
    flowReader: () => dataplane.flowReader(),
  });
  await eventually(() => lines.filter(({ event }) => event === "poll-failed").length).toBeGreaterThan(1);
  fails = false;
  await observability.look();
  expect((await fetch(`${url}/v1/drops`)).status).toBe(200);
  expect(lines.find(({ event }) => event === "poll-failed")).toMatchObject({
    what: "denied",
    error: "nft died",
  });
});

test("whoever may only probe is told nothing of pods, and names that are not ours are refused", async () => {
  const { addresses } = await setUp({ probes: free });
  const [api, probes] = addresses;
  const status = async (address: string | undefined, path: string) =>
    (await fetch(`http://${address}${path}`)).status;
  expect(await status(probes, "/metrics")).toBe(200);
  expect(await status(probes, "/v1/drops")).toBe(404);
  expect(await status(api, "/v1/drops")).toBe(200);
  const port = api!.split(":")[1];
  expect(await status(`localhost:${port}`, "/v1/drops")).toBe(200);
  const asHost = (host: string) =>
    new Promise((resolve, reject) =>
      get(`http://${api}/v1/drops`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", reject),
    );
  expect(await asHost("evil.example")).toBe(403);
  expect(await asHost(`127.0.0.1:${port}`)).toBe(200);
});

test("when one address cannot be had, none is served", async () => {
  const { addresses } = await setUp();
  const [, port] = addresses[0]!.split(":");
  await expect(setUp({ probes: { host: "127.0.0.1", port: Number(port) } })).rejects.toThrow("EADDRINUSE");
});

test("at the end the sums of flows that wait are told", async () => {
  const { kernel, observability } = await setUp();
  for (let i = 0; i < 3; i += 1) {
    kernel.evaluate(packet);
    nowMs += 1_000;
    await observability.look();
  }
  const told = () => lines.filter(({ event }) => event === "flow-denied").map(({ count }) => count);
  expect(told()).toEqual([1]);
  await observability.close();
  expect(told()).toEqual([1, 2]);
});

test("at the end the kernel is looked at once more", async () => {
  const { kernel, observability } = await setUp({ dropsEveryMs: 3_600_000 });
  kernel.evaluate(packet);
  await observability.close();
  expect(lines.filter(({ event }) => event === "flow-denied")).toMatchObject([{ count: 1 }]);
});

const programmed = agentEvents.find(({ type }) => type === "programmed")!;

test("what comes before the cluster is known is told with names, as soon as it is", async () => {
  const agent = { inSync: false };
  const { kernel, observability } = await setUp({ dropsEveryMs: 3_600_000 }, agent);
  kernel.evaluate(packet);
  await observability.look();
  observability.listener(programmed);
  await observability.look();
  const told = () => lines.filter(({ event }) => event === "flow-denied");
  expect(told()).toEqual([]);
  agent.inSync = true;
  observability.listener(programmed);
  await eventually(told).toMatchObject([{ count: 1, destination: { pod: { name: "db" } } }]);
});

test("a cluster that does not become known is not waited for for ever", async () => {
  const { kernel, observability } = await setUp({ awaitClusterMs: 0 }, { inSync: false });
  kernel.evaluate(packet);
  await observability.look();
  expect(lines.filter(({ event }) => event === "flow-denied")).toMatchObject([
    { count: 1, denied: { policies: [], reason: "no-match" } },
  ]);
});

/** In the order of the calls, what journals were asked for. */
function journals(load: () => Promise<undefined> = async () => undefined) {
  const calls: string[] = [];
  const journal = (what: "denied" | "allowed") => ({
    load,
    add: async ({ news }: Reading) => {
      calls.push(
        `${what}: ${lines.filter(({ event }) => event === "flow-denied").length} told, ${news.size} new`,
      );
    },
    close: async () => {
      calls.push(`${what} closed`);
    },
    remove: async () => {
      calls.push(`${what} removed`);
    },
  });
  return { calls, journal };
}

test("what was told is kept after it was told, and the journal ends after the last look; without flows theirs goes", async () => {
  const { calls, journal } = journals();
  const { kernel, observability } = await setUp({ journal, dropsEveryMs: 3_600_000 });
  kernel.evaluate(packet);
  await observability.endFlows();
  const [removed, first, ...others] = calls;
  expect([removed, first, others.at(-2), others.at(-1)]).toEqual([
    "allowed removed",
    "denied: 0 told, 0 new",
    "denied: 1 told, 1 new",
    "denied closed",
  ]);
});

test("a journal that must not be used is told, and nothing that was before", async () => {
  const { calls, journal } = journals(async () => {
    throw new StateError("Torn", "its end is missing");
  });
  await setUp({ journal });
  expect(lines.filter(({ event }) => event === "told-unknown")).toMatchObject([
    { what: "denied", reason: "StateTorn", error: "its end is missing", level: "warn" },
  ]);
  expect(calls).toContain("denied: 0 told, 0 new");
});

test("docs/agent/events.md has every event of the stream", () => {
  const rows = Object.entries(streamEvents).map(([type, says]) => [`\`${type}\``, says]);
  expectSection("agent/events.md", "events", markdownTable(["Event", "Meaning"], rows));
});
