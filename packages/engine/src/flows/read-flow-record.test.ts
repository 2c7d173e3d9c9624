import { expect, test } from "vitest";
import type { FlowRecord } from "./flow-record.ts";
import { readFlowLine } from "./read-flow-record.ts";
import { end, record } from "./records.testing.ts";
import { flowLine } from "./write-flow-record.ts";

const full: FlowRecord = record(
  { ...end("10.0.0.1", "a/web-1", "Deployment/web"), formerly: [{ namespace: "a", name: "old" }] },
  { address: "fd00::2", node: "n2" },
  443,
  {
    verdict: "would-be-denied",
    denied: { direction: "Egress", policies: ["a/p", "a/q"], reason: "no-match", nearest: "egress[0] …" },
  },
);

test("what is written is read, and written again it is the same line", () => {
  for (const each of [full, record(end("10.0.0.1"), end("10.0.0.2", "a/ü"), 0, { protocol: "ICMP" })]) {
    const line = flowLine(each);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    const read = readFlowLine(line);
    expect(read).toEqual({ record: each });
    expect("record" in read && flowLine(read.record)).toBe(line);
  }
});

test("fields that a newer agent or its log adds are passed over; addresses become canonical", () => {
  const logged = { time: "x", level: "warn", event: "flow-denied", ...full, extra: [1] };
  const source = { ...full.source, zone: "eu" };
  const line = JSON.stringify({ ...logged, source, destination: { address: "FD00:0::2", node: "n2" } });
  expect(readFlowLine(`  ${line}\r`)).toEqual({ record: full });
});

test.each([
  [
    { event: "flows-not-told", verdict: "allowed", flows: 12, count: 30 },
    { what: "not-told", missing: 12 },
  ],
  [
    { event: "flows-not-counted", verdict: "denied" },
    { what: "not-counted", missing: 0 },
  ],
  [
    { event: "suppressed", suppressedEvent: "flow-allowed", count: 3 },
    { what: "suppressed", missing: 3 },
  ],
  [
    { event: "told-unknown", what: "denied", reason: "StateTorn" },
    { what: "between-agents", missing: 0 },
  ],
  [{ event: "suppressed", suppressedEvent: "cut", count: 3 }, undefined],
  [
    { event: "flows-not-told", flows: "many" },
    { what: "not-told", missing: 0 },
  ],
])("what an agent's log says is missing: %j", (line, gap) => {
  expect(readFlowLine(JSON.stringify(line))).toEqual({ passedOver: "no-flow", ...(gap && { gap }) });
});

test.each([
  ["", "empty"],
  ["  \r", "empty"],
  ["{}", "no-flow"],
  ['{"level":"info","kind":"Pod"}', "no-flow"],
])("%j is passed over", (line, passedOver) => {
  expect(readFlowLine(line)).toEqual({ passedOver });
});

test.each<[string, string, string]>([
  ["{", "", "not JSON: {"],
  [`{"kind":"Flow","verdict":"al`, "", 'not JSON: {"kind":"Flow","verdict":"al'],
  ["[]", "", "not an object: []"],
  ["null", "", "not an object: null"],
  ["x".repeat(100), "", `not JSON: ${"x".repeat(60)}…`],
  ["x".repeat(2 ** 20 + 1), "", "longer than 1048576 characters"],
])("a line that is no object: %.30s", (line, field, message) => {
  expect(readFlowLine(line)).toEqual({ problem: { field, message } });
});

const port = "must be an integer from 1 to 65535";
const address = "must be an IPv4 or IPv6 address";
test.each<[object, string, string]>([
  [{ verdict: "maybe" }, "verdict", '"maybe": must be allowed, denied, would-be-denied'],
  [{ verdict: undefined }, "verdict", "is missing: must be allowed, denied, would-be-denied"],
  [{ node: 7 }, "node", "7: must be a text"],
  [{ source: "10.0.0.1" }, "source", '"10.0.0.1": must be an object'],
  [{ source: { address: "10.0.0.256" } }, "source.address", `"10.0.0.256": ${address}`],
  [{ destination: {} }, "destination.address", `is missing: ${address}`],
  [{ source: { address: "1.2.3.4", pod: {} } }, "source.pod.namespace", "is missing: must be a text"],
  [
    { source: { address: "1.2.3.4", pod: { namespace: "a", name: "b", workload: "web" } } },
    "source.pod.workload",
    '"web": must be Kind/name',
  ],
  [{ source: { address: "1.2.3.4", formerly: [1] } }, "source.formerly", "[1]: must be a list of objects"],
  [
    { source: { address: "1.2.3.4", formerly: [{ namespace: "a" }] } },
    "source.formerly[0].name",
    "is missing: must be a text",
  ],
  [{ protocol: "tcp" }, "protocol", '"tcp": must be TCP, UDP, SCTP, ICMP or a number up to 255'],
  [{ protocol: "256", port: 0 }, "protocol", '"256": must be TCP, UDP, SCTP, ICMP or a number up to 255'],
  [{ port: 0 }, "port", `0: ${port}`],
  [{ port: 65_536 }, "port", `65536: ${port}`],
  [{ port: "80" }, "port", `"80": ${port}`],
  [{ protocol: "ICMP", port: 8 }, "port", "8: must be 0"],
  [{ count: 0 }, "count", "0: must be an integer from 1 to 9007199254740991"],
  [{ count: 1.5 }, "count", "1.5: must be an integer from 1 to 9007199254740991"],
  [{ from: "yesterday" }, "from", '"yesterday": must be a time such as 2026-01-31T12:00:00Z'],
  [
    { to: "2026-02-30T99:00:00Z" },
    "to",
    '"2026-02-30T99:00:00Z": must be a time such as 2026-01-31T12:00:00Z',
  ],
  [
    { from: "2026-02-01T00:00:01Z", to: "2026-02-01T01:00:00+01:00" },
    "to",
    "2026-02-01T01:00:00+01:00 is before from (2026-02-01T00:00:01Z)",
  ],
  [{ denied: [] }, "denied", "[]: must be an object"],
  [
    { denied: { direction: "Ingress", policies: [1], reason: "no-match" } },
    "denied.policies",
    "[1]: must be a list of texts",
  ],
])("%j", (change, field, message) => {
  expect(readFlowLine(JSON.stringify({ ...full, ...change }))).toEqual({ problem: { field, message } });
});
