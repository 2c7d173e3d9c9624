import { expect, test } from "vitest";
import type { AgentEvent } from "./agent-event.ts";
import { Conditions } from "./conditions.ts";

test("a condition is told when it comes, changes its words, and goes", () => {
  let now = 1_000;
  const events: AgentEvent[] = [];
  const conditions = new Conditions(
    (event) => events.push(event),
    () => now,
  );
  conditions.clear("NotInForce");
  conditions.set("NotInForce", "Refused", "nft refused it");
  conditions.set("NotInForce", "Refused", "nft refused it");
  now = 2_000;
  conditions.set("NotInForce", "Refused", "nft refused it twice");
  expect(conditions.active()).toMatchObject([{ sinceMs: 1_000, message: "nft refused it twice" }]);
  expect(conditions.ready).toBe(false);
  now = 3_000;
  conditions.clear("NotInForce");
  expect(conditions.active()).toEqual([]);
  expect(conditions.ready).toBe(true);
  expect(events.map((event) => event.type === "condition" && event.condition.status)).toEqual([
    true,
    true,
    false,
  ]);
});

test("what does not block is told, and the agent stays ready", () => {
  const conditions = new Conditions(() => {});
  conditions.set("ApiUnreachable", "ConnectionRefused", "no answer");
  expect(conditions.ready).toBe(true);
  expect(conditions.active()).toHaveLength(1);
});
