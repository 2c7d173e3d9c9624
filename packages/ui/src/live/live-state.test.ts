import { expect, test } from "vitest";
import type { ObservedFlow } from "../server-api.ts";
import { afterEvent, emptyLive, type LiveState } from "./live-state.ts";

const flow = (port: number, count: number, allowed?: boolean): ObservedFlow => ({
  record: {
    kind: "Flow",
    verdict: "denied",
    node: "n",
    source: { address: "10.0.0.1" },
    destination: { address: "10.0.0.2" },
    protocol: "TCP",
    port,
    count,
    from: "2026-01-01T00:00:00Z",
    to: `2026-01-01T00:00:0${count}Z`,
  },
  ...(allowed !== undefined && { prediction: { allowed } as ObservedFlow["prediction"] & object }),
});

test("flows of the same ends are one row, the latest first", () => {
  const state = [flow(80, 1), flow(81, 1), flow(80, 2)].reduce<LiveState>(
    (known, each) => afterEvent(known, { type: "flows", flows: [each] }),
    emptyLive,
  );
  expect(state.rows.map(({ flow: { record }, count, last }) => [record.port, count, last.at(-2)])).toEqual([
    [80, 3, "2"],
    [81, 1, "1"],
  ]);
});

test("a kernel that drops what is predicted to pass disagrees", () => {
  const state = afterEvent(emptyLive, {
    type: "flows",
    flows: [flow(80, 1, true), flow(81, 1, false), flow(82, 1)],
  });
  expect(state.rows.map(({ disagrees }) => disagrees)).toEqual([false, false, true]);
});

test("it is said how far what is shown can be trusted", () => {
  const at = "2026-01-01T00:00:00Z";
  const connected = afterEvent(emptyLive, { type: "connected", at });
  expect(connected.connection).toEqual({ state: "connected", at });
  const stale = afterEvent(connected, { type: "stale", since: at, reason: "no answer" });
  expect(stale.connection).toEqual({ state: "stale", since: at, reason: "no answer" });
  expect(afterEvent(stale, { type: "not-permitted", reason: "no" }).connection.state).toBe("not-permitted");
});
