import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { flowEnd, flowRecord } from "@portcullis/engine/testing";
import { expect, test } from "vitest";
import { type Condition, conditionTypes } from "../../agent-event.ts";
import { agentEvents } from "../agent-events.testing.ts";
import { expectSection, markdownTable } from "../page-section.testing.ts";
import { AgentMetrics, type AgentMetricsOptions } from "./agent-metrics.ts";

function metricsOf(more: Partial<AgentMetricsOptions> = {}): AgentMetrics {
  return new AgentMetrics({
    version: "1.2.3",
    conditions: () => [],
    ready: () => false,
    policyExists: () => true,
    log: { written: { debug: 0, info: 4, warn: 0, error: 1 }, suppressed: new Map([["drift", 9]]) },
    stream: { clients: 2, left: 5 },
    conntrack: async () => ({ entries: 100, limit: 1_000 }),
    process: false,
    ...more,
  });
}

/** The lines of a metric without its help, as Prometheus reads them. */
async function read(metrics: AgentMetrics, name: string): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
}

test("what the agent tells is counted", async () => {
  const metrics = metricsOf();
  for (const event of agentEvents) metrics.take(event);
  for (const [name, value] of [
    ["portcullis_local_pods", 5],
    ["portcullis_active_policies", 4],
    ["portcullis_policy_chains", 9],
    ["portcullis_policy_rules", 30],
    ["portcullis_address_sets", 6],
    ["portcullis_address_set_elements", 70],
    ["portcullis_program_transactions_total", 3],
    ['portcullis_programs_total{result="changed"}', 1],
    ['portcullis_programs_total{result="failed"}', 1],
    ["portcullis_drift_found_total", 1],
    ["portcullis_drift_mended_total", 1],
    ["portcullis_connections_cut_total", 1],
    ["portcullis_connection_cut_failures_total", 1],
    ['portcullis_watch_failures_total{resource="pods"}', 1],
    ['portcullis_watch_restarts_total{resource="pods"}', 1],
    ['portcullis_resyncs_total{resource="pods"}', 0],
    ['portcullis_synced_objects{resource="pods"}', 12],
    ['portcullis_unreadable_objects_total{kind="NetworkPolicy"}', 1],
    ["portcullis_in_force_timestamp_seconds", Date.UTC(2026, 0, 31, 12) / 1000],
    ["portcullis_conntrack_entries", 100],
    ["portcullis_conntrack_entries_limit", 1_000],
    ['portcullis_log_lines_total{level="info"}', 4],
    ['portcullis_log_lines_suppressed_total{event="drift"}', 9],
    ["portcullis_event_stream_clients", 2],
    ["portcullis_event_stream_dropped_total", 5],
    ['portcullis_build_info{version="1.2.3"}', 1],
    ["portcullis_ready", 0],
  ] as const)
    expect(await read(metrics, name.split("{")[0]!)).toContain(`${name} ${value}`);
});

test("time until in force lies in the bucket of its seconds, and a clock set back makes it 0", async () => {
  const metrics = metricsOf();
  const programmed = agentEvents.find((event) => event.type === "programmed")!;
  metrics.take(programmed);
  metrics.take({ ...programmed, oldestChangeMs: programmed.atMs + 5_000 });
  // What changed nothing here says nothing of how long a change takes.
  metrics.take({ ...programmed, changed: false });
  const { oldestChangeMs: _, ...mended } = programmed;
  metrics.take(mended);
  const buckets = await read(metrics, "portcullis_programming_duration_seconds_bucket");
  expect(buckets).toContain('portcullis_programming_duration_seconds_bucket{le="0.001"} 1');
  expect(buckets).toContain('portcullis_programming_duration_seconds_bucket{le="0.01"} 1');
  expect(buckets).toContain('portcullis_programming_duration_seconds_bucket{le="0.025"} 2');
  expect(await read(metrics, "portcullis_programming_duration_seconds_count")).toEqual([
    "portcullis_programming_duration_seconds_count 2",
  ]);
});

test("a kind that is listed again is a resync", async () => {
  const metrics = metricsOf();
  for (let i = 0; i < 3; i += 1) metrics.take({ type: "synced", plural: "pods", objects: i, atMs: i });
  expect(await read(metrics, "portcullis_resyncs_total")).toEqual([
    'portcullis_resyncs_total{resource="pods"} 2',
  ]);
});

test("every condition has a series, which is 1 while it is true", async () => {
  let active: readonly Condition[] = [
    { type: "NotInForce", status: true, reason: "R", message: "m", sinceMs: 0 },
  ];
  const metrics = metricsOf({ conditions: () => active });
  const values = async () =>
    (await read(metrics, "portcullis_condition")).map((line) => /type="(\w+)"} (\d)/.exec(line)!.slice(1));
  expect((await values()).filter(([, value]) => value === "1")).toEqual([["NotInForce", "1"]]);
  expect((await values()).map(([type]) => type).sort()).toEqual(Object.keys(conditionTypes).sort());
  active = [];
  expect((await values()).filter(([, value]) => value === "1")).toEqual([]);
});

test("policies are counted by how they stand, none among them too", async () => {
  const policy = { policy: "shop/p", localPods: 1 };
  const metrics = metricsOf({
    policies: () => [
      { ...policy, state: "InForce" },
      { ...policy, state: "InForce" },
      { ...policy, state: "Failed" },
    ],
  });
  expect(await read(metrics, "portcullis_policies")).toEqual([
    'portcullis_policies{state="InForce"} 2',
    'portcullis_policies{state="Pending"} 0',
    'portcullis_policies{state="NothingToDo"} 0',
    'portcullis_policies{state="Staged"} 0',
    'portcullis_policies{state="Unreadable"} 0',
    'portcullis_policies{state="Failed"} 1',
  ]);
});

test("nft's calls are counted and timed, by what was asked", async () => {
  const metrics = metricsOf();
  metrics.nft.take({ call: "run", failed: false, seconds: 0.003 });
  metrics.nft.take({ call: "run", failed: true, seconds: 0.2 });
  metrics.nft.take({ call: "listElements", failed: false, seconds: 0.02 });
  expect(await read(metrics, "portcullis_nft_operations_total")).toContain(
    'portcullis_nft_operations_total{operation="transaction"} 2',
  );
  expect(await read(metrics, "portcullis_nft_errors_total")).toContain(
    'portcullis_nft_errors_total{operation="transaction"} 1',
  );
  expect(await read(metrics, "portcullis_nft_operation_duration_seconds_count")).toContain(
    'portcullis_nft_operation_duration_seconds_count{operation="list_elements"} 1',
  );
});

test("drops are counted by direction and reason, and for their policies", async () => {
  const metrics = metricsOf({ policyExists: (policy) => policy === "shop/p" });
  const record = flowRecord(flowEnd("10.0.0.1"), flowEnd("10.0.0.2"), 80, {
    verdict: "denied",
    count: 7,
    denied: { direction: "Ingress", policies: ["shop/p"], reason: "no-match" },
  });
  const { denied: _, ...allowed } = record;
  metrics.flows.record(record);
  metrics.flows.record({ ...record, denied: { direction: "Egress", policies: [], reason: "unprogrammed" } });
  metrics.flows.record({ ...allowed, verdict: "allowed", count: 2 });
  metrics.flows.record({ ...record, verdict: "would-be-denied", count: 3 });
  metrics.flows.rest({ verdict: "denied", direction: "Ingress", flows: 4, count: 40 });
  metrics.flows.rest({ verdict: "allowed", flows: 5, count: 50 });
  metrics.flows.pollFailed("denied");
  expect(await read(metrics, "portcullis_dropped_packets_total")).toEqual([
    'portcullis_dropped_packets_total{direction="Ingress",reason="no-match"} 7',
    'portcullis_dropped_packets_total{direction="Egress",reason="no-match"} 0',
    'portcullis_dropped_packets_total{direction="Egress",reason="unprogrammed"} 7',
    'portcullis_dropped_packets_total{direction="Ingress",reason="not-explained"} 40',
  ]);
  expect(await read(metrics, "portcullis_policy_dropped_packets_total")).toEqual([
    'portcullis_policy_dropped_packets_total{policy="shop/p",direction="Ingress"} 7',
    'portcullis_policy_dropped_packets_total{policy="other",direction="Egress"} 7',
    'portcullis_policy_dropped_packets_total{policy="other",direction="Ingress"} 40',
  ]);
  expect(await read(metrics, "portcullis_allowed_connections_total")).toEqual([
    "portcullis_allowed_connections_total 55",
  ]);
  expect(await read(metrics, "portcullis_staged_policy_would_drop_connections_total")).toEqual([
    'portcullis_staged_policy_would_drop_connections_total{policy="shop/p",direction="Ingress"} 3',
  ]);
  expect(await read(metrics, "portcullis_flows_not_explained_total")).toEqual([
    'portcullis_flows_not_explained_total{verdict="denied"} 4',
    'portcullis_flows_not_explained_total{verdict="allowed"} 5',
  ]);
});

test("where the kernel does not say how many connections it tracks, nothing is said", async () => {
  const metrics = metricsOf({ conntrack: async () => undefined });
  await metrics.registry.metrics();
  expect(await read(metrics, "portcullis_conntrack_entries")).toEqual([]);
  expect(await read(metrics, "portcullis_conntrack_entries_limit")).toEqual([]);
});

test("docs/agent/metrics.md has every metric", () => {
  const all = metricsOf({ process: true }).registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly labelNames: readonly string[];
  }[];
  const rows = (ours: boolean) =>
    [...all]
      .filter(({ name }) => name.startsWith("portcullis_") === ours)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, help, type, labelNames }) => [
        `\`${name}\``,
        type,
        labelNames
          .filter((label) => label !== "le")
          .map((label) => `\`${label}\``)
          .join(", "),
        help,
      ]);
  expectSection(
    "agent/metrics.md",
    "metrics",
    markdownTable(["Name", "Type", "Labels", "Meaning"], rows(true)),
  );
  expectSection(
    "agent/metrics.md",
    "process metrics",
    rows(false)
      .map(([name]) => `- ${name}`)
      .join("\n"),
  );
});

test("every metric that a page or the deployment names is there", () => {
  const known = metricsOf({})
    .registry.getMetricsAsArray()
    .map(({ name }) => name);
  const unknown = ["docs", "deploy"].flatMap((folder) =>
    filesBelow(new URL(`../../../../../${folder}/`, import.meta.url)).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/portcullis_[a-z_]+/g)]
        .map(([name]) => name.replace(/_(bucket|sum|count)$/, ""))
        .filter((name) => !known.includes(name))
        .map((name) => `${file.pathname}: ${name}`),
    ),
  );
  expect(unknown).toEqual([]);
});

function filesBelow(folder: URL): readonly URL[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => pathToFileURL(join(entry.parentPath, entry.name)));
}
