import fc from "fast-check";
import { expect, test } from "vitest";
import type { FlowRecord } from "./flow-record.ts";
import { FlowTable } from "./flow-table.ts";
import { end, record } from "./records.testing.ts";

const tableOf = (records: readonly FlowRecord[]): readonly FlowRecord[] => {
  const table = new FlowTable();
  for (const each of records) table.add(each);
  return table.list();
};

const at = (second: number) => `2026-01-31T12:00:${String(second).padStart(2, "0")}Z`;

test("records of one flow add their counts and widen their time; the latest denial stays", () => {
  const [web, db] = [end("10.0.0.1", "a/web"), end("10.0.0.2", "a/db")];
  const denied = (nearest: string) => ({
    direction: "Ingress" as const,
    policies: ["a/p"],
    reason: "no-match" as const,
    nearest,
  });
  const common = { verdict: "denied" as const };
  expect(
    tableOf([
      record(web, db, 80, { ...common, from: at(20), to: at(30), count: 2, denied: denied("late") }),
      record(web, db, 80, { ...common, from: at(10), to: at(20), count: 3, denied: denied("early") }),
      record(web, db, 80, { ...common, from: at(0), to: at(40), count: 1 }),
    ]),
  ).toEqual([record(web, db, 80, { ...common, from: at(0), to: at(40), count: 6, denied: denied("late") })]);
});

test("what differs in verdict, node, either end, its pod, protocol or port is another flow", () => {
  const one = record(end("10.0.0.1", "a/web"), end("10.0.0.2"), 80);
  const others: FlowRecord[] = [
    one,
    { ...one, verdict: "denied" },
    { ...one, node: "n2" },
    { ...one, source: end("10.0.0.1") },
    { ...one, source: end("10.0.0.1", "a/web", "Deployment/web") },
    { ...one, source: end("10.0.0.3", "a/web") },
    { ...one, destination: end("10.0.0.10") },
    { ...one, destination: { address: "10.0.0.2", node: "n1" } },
    { ...one, destination: { ...one.destination, formerly: [{ namespace: "a", name: "x" }] } },
    { ...one, protocol: "UDP" },
    { ...one, port: 81 },
  ];
  const list = tableOf([...others, ...others]);
  expect(list.length).toBe(others.length);
  expect(list.every(({ count }) => count === 2)).toBe(true);
  // Pods before addresses, and 10.0.0.2 before 10.0.0.10.
  expect(list.map(({ destination }) => destination.address).indexOf("10.0.0.10")).toBeGreaterThan(2);
});

test("the order in which records come does not matter, nor how often they were merged before", () => {
  const flow = fc
    .record({
      source: fc.constantFrom(end("10.0.0.1"), end("10.0.0.1", "a/x"), end("fd00::1", "a/x", "Job/x")),
      port: fc.constantFrom(80, 81),
      count: fc.integer({ min: 1, max: 5 }),
      from: fc.integer({ min: 0, max: 20 }),
      lasts: fc.integer({ min: 0, max: 20 }),
      nearest: fc.option(fc.constantFrom("one", "two"), { nil: undefined }),
    })
    .map(({ source, port, count, from, lasts, nearest }) =>
      record(source, end("10.0.0.2"), port, {
        verdict: "denied",
        count,
        from: at(from),
        to: at(from + lasts),
        ...(nearest && {
          denied: { direction: "Egress" as const, policies: [], reason: "no-match" as const, nearest },
        }),
      }),
    );
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 12 }), fc.nat(12), (records, cut) => {
      const whole = tableOf(records);
      expect(tableOf([...records].reverse())).toEqual(whole);
      const inParts = [...tableOf(records.slice(cut)), ...tableOf(records.slice(0, cut))];
      expect(tableOf(inParts).map(({ denied: _, ...rest }) => rest)).toEqual(
        whole.map(({ denied: _, ...rest }) => rest),
      );
    }),
    { seed: 7, numRuns: 200 },
  );
});
