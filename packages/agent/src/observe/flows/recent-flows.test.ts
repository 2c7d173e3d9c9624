import { flowEnd, flowRecord } from "@portcullis/engine/testing";
import { expect, test } from "vitest";
import { RecentFlows } from "./recent-flows.ts";

const record = (port: number, count: number, from: string) =>
  flowRecord(flowEnd("10.0.0.1"), flowEnd("10.0.0.2"), port, { verdict: "denied", count, from, to: from });
const listed = (flows: RecentFlows, nowMs: number) =>
  flows.list(nowMs).map(({ port, count, from }) => `${port} ×${count} since ${from}`);

test("flows are summed, and the one seen last is first", () => {
  const flows = new RecentFlows();
  flows.add(record(80, 1, "a"), 0);
  flows.add(record(81, 2, "b"), 1);
  flows.add(record(80, 3, "c"), 2);
  expect(listed(flows, 2)).toEqual(["80 ×4 since a", "81 ×2 since b"]);
});

test("what was not seen for a while, and the oldest of too many, are forgotten", () => {
  const flows = new RecentFlows({ keepMs: 100, most: 2 });
  flows.add(record(80, 1, "a"), 0);
  flows.add(record(81, 1, "a"), 50);
  expect(listed(flows, 120)).toEqual(["81 ×1 since a"]);
  flows.add(record(82, 1, "b"), 120);
  flows.add(record(83, 1, "b"), 120);
  expect(listed(flows, 120)).toEqual(["83 ×1 since b", "82 ×1 since b"]);
});
