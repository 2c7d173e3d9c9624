import type { FlowRecord } from "@portcullis/engine";
import { expect, test } from "vitest";
import { KeptFlows } from "./kept-flows.ts";

const record = (port: number, count: number, from = "12:00", to = from): FlowRecord => ({
  kind: "Flow",
  verdict: "allowed",
  node: "n1",
  source: { address: "10.0.0.1" },
  destination: { address: "10.0.0.2" },
  protocol: "TCP",
  port,
  count,
  from: `2026-01-31T${from}:00Z`,
  to: `2026-01-31T${to}:00Z`,
});
const told = (kept: KeptFlows, nowMs: number) =>
  kept.list(nowMs).map(({ port, count, from }) => `${port} ×${count} ${from.slice(11, 16)}`);

test("what is told again is not counted twice, and what an agent forgot and sees anew is added", () => {
  const kept = new KeptFlows();
  kept.take([record(80, 2)], 0);
  kept.take([record(80, 5, "12:00", "12:01"), record(81, 1)], 1);
  expect(told(kept, 2)).toEqual(["80 ×5 12:00", "81 ×1 12:00"]);
  kept.take([record(80, 3, "12:30")], 3);
  expect(told(kept, 4)).toEqual(["80 ×8 12:00", "81 ×1 12:00"]);
});

test("what nobody told of for long is forgotten, and beyond a number what was seen first", () => {
  const kept = new KeptFlows({ keepMs: 10, most: 3 });
  kept.take([record(81, 1), record(80, 1)], 0);
  kept.take([record(83, 1), record(82, 1)], 5);
  expect(told(kept, 6)).toEqual(["81 ×1 12:00", "82 ×1 12:00", "83 ×1 12:00"]);
  kept.take([record(84, 1)], 15);
  expect(told(kept, 16)).toEqual(["84 ×1 12:00"]);
  expect(told(kept, 26)).toEqual([]);
});
