import { beforeEach, expect, test } from "vitest";
import { expectSection } from "../page-section.testing.ts";
import { Log, type LogOptions } from "./log.ts";
import { type LogEvent, logEvents } from "./log-events.ts";

let lines: Record<string, unknown>[];
let nowMs: number;
beforeEach(() => {
  lines = [];
  nowMs = Date.UTC(2026, 0, 31, 12);
});

function logOf(options: Partial<LogOptions> = {}): Log {
  const write = (line: string) => {
    expect(line).not.toContain("\n");
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return new Log({ write, now: () => nowMs, ...options });
}

test("a line has its time, its level, its event, then the fields", () => {
  logOf().log("synced", { resource: "pods", objects: 3 });
  expect(lines).toEqual([
    { time: "2026-01-31T12:00:00.000Z", level: "info", event: "synced", resource: "pods", objects: 3 },
  ]);
  expect(Object.keys(lines[0]!)).toEqual(["time", "level", "event", "resource", "objects"]);
});

test("line breaks and half characters in a message stay in its one line", () => {
  logOf().log("not-in-force", { error: 'a\nb\u2028c "d" \ud800 é', policies: [] });
  expect(lines[0]?.error).toBe('a\nb\u2028c "d" \ud800 é');
});

test("only what is as serious as asked is written", () => {
  const log = logOf({ level: "warn" });
  log.log("synced", {});
  log.log("watch-failed", {});
  log.log("synced", {}, "error");
  expect(lines.map(({ event }) => event)).toEqual(["watch-failed", "synced"]);
  expect(log.written).toEqual({ debug: 0, info: 0, warn: 1, error: 1 });
  expect(log.suppressed.size).toBe(0);
});

test("of a storm so many lines pass, and the others are counted before the next one that passes", () => {
  const log = logOf({ burst: 3, perSecond: 2 });
  for (let i = 0; i < 10; i += 1) log.log("watch-failed", { retryInMs: i });
  log.log("synced", {});
  expect(lines.map(({ event }) => event)).toEqual([...Array(3).fill("watch-failed"), "synced"]);
  nowMs += 500;
  log.log("watch-failed", { retryInMs: 10 });
  expect(lines.slice(4)).toMatchObject([
    { event: "suppressed", level: "warn", suppressedEvent: "watch-failed", count: 7 },
    { event: "watch-failed", retryInMs: 10 },
  ]);
  expect(log.suppressed).toEqual(new Map([["watch-failed", 7]]));
});

test("a storm that ended is told by the flush, once", () => {
  const log = logOf({ burst: 1, perSecond: 1 });
  for (let i = 0; i < 5; i += 1) log.log("cut-failed", {});
  log.flush();
  log.flush();
  expect(lines.slice(1)).toMatchObject([{ event: "suppressed", suppressedEvent: "cut-failed", count: 4 }]);
});

test("every line that came is written or counted, however the clock jumps", () => {
  const log = logOf({ burst: 5, perSecond: 5 });
  const jumps = [0, 100, -5_000, 3_000, -1, 86_400_000, -86_400_000, 0];
  for (let i = 0; i < 800; i += 1) {
    nowMs += jumps[i % jumps.length]!;
    log.log("drift", { differences: [] });
  }
  log.flush();
  const written = lines.filter(({ event }) => event === "drift").length;
  const counted = lines.filter(({ event }) => event === "suppressed").map(({ count }) => count as number);
  expect(written + counted.reduce((sum, count) => sum + count, 0)).toBe(800);
  expect(counted.length).toBeGreaterThan(0);
});

test("docs/agent/logs.md has every event with every field", () => {
  const sections = (Object.keys(logEvents) as LogEvent[]).sort().map((event) => {
    const { level, says, fields } = logEvents[event];
    const list = Object.entries<string>(fields).map(([field, means]) => `- \`${field}\`: ${means}`);
    return [
      `### ${event}`,
      `Level \`${level}\`. ${says}`,
      ...(list.length > 0 ? [list.join("\n")] : []),
    ].join("\n\n");
  });
  expectSection("agent/logs.md", "events", sections.join("\n\n"));
});
