// What an agent writes is what replay and suggest read: its log's lines about flows are records, and its gaps are told.
import { Log } from "@portcullis/agent";
import { type FlowRecord, flowLine, readFlowLine } from "@portcullis/engine";
import { expect, test } from "vitest";

const record: FlowRecord = {
  kind: "Flow",
  verdict: "would-be-denied",
  node: "n1",
  source: {
    address: "10.0.0.1",
    pod: { namespace: "shop", name: "web-1", workload: "Deployment/web" },
    formerly: [{ namespace: "shop", name: "old" }],
  },
  destination: { address: "fd00::1", node: "n2" },
  protocol: "SCTP",
  port: 9,
  count: 3,
  from: "2026-01-31T12:00:00.000Z",
  to: "2026-01-31T12:00:10.000Z",
  denied: {
    direction: "Egress",
    policies: ["shop/p"],
    reason: "no-match",
    nearest: "egress[0] of shop/p: …",
  },
};

function logged(write: (log: Log) => void): readonly string[] {
  const lines: string[] = [];
  const log = new Log({ write: (line) => lines.push(line), burst: 2, perSecond: 0, now: () => 0 });
  write(log);
  log.flush();
  return lines;
}

test("a line of the log about a flow is the record of it", () => {
  const [line] = logged((log) => log.log("flow-would-be-denied", record));
  expect(line).toMatch(/^\{"time":/);
  const read = readFlowLine(line!);
  expect(read).toEqual({ record });
  expect("record" in read && JSON.parse(flowLine(read.record))).toEqual(record);
});

test("what the log leaves out is a gap; other events are none", () => {
  const lines = logged((log) => {
    for (let times = 0; times < 5; times++) log.log("flow-allowed", { ...record, verdict: "allowed" });
    log.log("flows-not-told", { verdict: "allowed", flows: 7, count: 9 });
    log.log("flows-not-counted", { verdict: "denied" });
    log.log("told-unknown", { what: "allowed", reason: "StateTorn" });
    log.log("synced", { resource: "pods", objects: 3 });
  });
  const read = lines.map((line) => readFlowLine(line));
  expect(read.filter((each) => "record" in each).length).toBe(2);
  expect(read.flatMap((each) => ("gap" in each ? [each.gap] : []))).toEqual(
    expect.arrayContaining([
      { what: "not-told", missing: 7 },
      { what: "not-counted", missing: 0 },
      { what: "between-agents", missing: 0 },
      { what: "suppressed", missing: 3 },
    ]),
  );
});
