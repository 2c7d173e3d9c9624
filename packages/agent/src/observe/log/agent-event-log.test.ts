import { expect, test } from "vitest";
import type { AgentEvent, ConditionType } from "../../agent-event.ts";
import { agentEvents } from "../agent-events.testing.ts";
import { agentEventLog } from "./agent-event-log.ts";
import { Log } from "./log.ts";
import { type LogEvent, logEvents } from "./log-events.ts";

function linesOf(...events: readonly AgentEvent[]): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const log = new Log({ write: (line) => lines.push(JSON.parse(line)), level: "debug" });
  const listener = agentEventLog(log, () => undefined);
  for (const event of events) listener(event);
  return lines;
}

test("every event has a line with documented fields, but for those that are of use to programs only", () => {
  const silent = agentEvents.filter((event) => linesOf(event).length === 0).map(({ type }) => type);
  expect(silent).toEqual(["addresses-released"]);
  for (const line of linesOf(...agentEvents)) {
    const { time: _, level, event, ...fields } = line;
    expect(Object.keys(logEvents[event as LogEvent].fields)).toEqual(
      expect.arrayContaining(Object.keys(fields)),
    );
    expect(["debug", "info", "warn", "error"]).toContain(level);
  }
});

test("a program of every day is for debugging; the first, and the first after a failure, are news", () => {
  const programmed = agentEvents.find(({ type }) => type === "programmed")!;
  const failed = agentEvents.find(({ type }) => type === "not-in-force")!;
  const levels = linesOf(programmed, programmed, failed, programmed, programmed).map(({ level }) => level);
  expect(levels).toEqual(["info", "debug", "error", "info", "debug"]);
});

test("policies that came into force are told, with how long it took", () => {
  const lines: Record<string, unknown>[] = [];
  const changed = { policies: [{ policy: "shop/p", resourceVersion: "42" }], deleted: ["shop/q"], more: 0 };
  const listener = agentEventLog(new Log({ write: (line) => lines.push(JSON.parse(line)) }), () => changed);
  const programmed = agentEvents.find(({ type }) => type === "programmed")!;
  listener(programmed);
  listener(programmed);
  const told = lines.filter(({ event }) => event === "policies-in-force");
  expect(told).toMatchObject([
    { level: "info", ...changed, tookMs: 20 },
    { level: "info", ...changed, tookMs: 20 },
  ]);
});

test("a condition is an error when it keeps the agent from being ready, a warning else, and news when it is over", () => {
  const condition = (type: ConditionType, status: boolean, reason = "R", message = "m"): AgentEvent => ({
    type: "condition",
    condition: { type, status, reason, message, sinceMs: 0 },
    atMs: 0,
  });
  const levels = (...events: readonly AgentEvent[]) => linesOf(...events).map(({ level }) => level);
  expect(
    levels(condition("NotInForce", true), condition("Drifted", true), condition("NotInForce", false)),
  ).toEqual(["error", "warn", "info"]);
  // Other words for the same are for debugging; another reason is not, nor is the same after it was over.
  const first = condition("NotInForce", true);
  const words = condition("NotInForce", true, "R", "other words");
  const reason = condition("NotInForce", true, "Other");
  const over = condition("NotInForce", false, "Resolved");
  expect(levels(first, words, reason, first, over, first)).toEqual([
    "error",
    "debug",
    "error",
    "error",
    "info",
    "error",
  ]);
  // Every agent begins so.
  expect(levels(condition("NotSynced", true))).toEqual(["info"]);
});

test("long lists are cut, and their length told", () => {
  const connections = Array.from({ length: 50 }, (_, i) => `connection ${i}`);
  const [line] = linesOf({ type: "cut", connections, atMs: 0 });
  expect(line).toMatchObject({ count: 50, connections: connections.slice(0, 20) });
});
