import { ApiError, resources, Unreachable } from "@portcullis/kube";
import { beforeEach, expect, test } from "vitest";
import type { AgentEvent } from "./agent-event.ts";
import { Conditions } from "./conditions.ts";
import { ObserverHealth } from "./observer-health.ts";

let events: AgentEvent[];
let conditions: Conditions;
let health: ObserverHealth;

beforeEach(() => {
  events = [];
  conditions = new Conditions(
    (event) => events.push(event),
    () => 0,
  );
  health = new ObserverHealth(
    [resources.pods, resources.networkpolicies],
    (event) => events.push(event),
    conditions,
    () => 0,
  );
});

const active = () => conditions.active().map(({ type, reason, message }) => ({ type, reason, message }));
const refusal = (code: number, message: string) => new ApiError({ kind: "Status", message }, code);

test("what has not been listed is named until it is", () => {
  expect(active()).toEqual([
    { type: "NotSynced", reason: "Listing", message: "not listed yet: pods, networkpolicies" },
  ]);
  health.synced("pods", 3);
  expect(active()[0]?.message).toBe("not listed yet: networkpolicies");
  expect(health.inSync).toBe(false);
  health.synced("networkpolicies", 0);
  expect(active()).toEqual([]);
  expect(health.inSync).toBe(true);
});

test("a refusal says what was asked for, and which right is missing", () => {
  health.failed("pods", refusal(403, 'pods is forbidden: User "x" cannot watch'), 200, "watch");
  const forbidden = active().find(({ type }) => type === "ApiForbidden");
  expect(forbidden).toEqual({
    type: "ApiForbidden",
    reason: "Forbidden",
    message:
      'may not watch pods (pods is forbidden: User "x" cannot watch): bind a ClusterRole that grants list and watch on pods',
  });
  expect(conditions.ready).toBe(false);
  health.recovered("pods");
  expect(active().map(({ type }) => type)).toEqual(["NotSynced"]);
});

test("what was told before the watches began stays told at their first failure, until all are well", () => {
  // By who asked for the Node's prefixes.
  conditions.set("ApiUnreachable", "NoAnswer", "connect ECONNREFUSED");
  const away = () => active().some(({ type }) => type === "ApiUnreachable");
  for (const plural of ["pods", "networkpolicies"]) {
    health.failed(plural, new Unreachable("away"), 200, "list");
    expect(away()).toBe(true);
  }
  health.recovered("pods");
  expect(away()).toBe(true);
  health.recovered("networkpolicies");
  expect(away()).toBe(false);
});

test("a token that is not taken is another matter", () => {
  health.failed("pods", refusal(401, "Unauthorized"), 200, "list");
  expect(active()[1]).toMatchObject({ type: "ApiForbidden", reason: "Unauthorized" });
});

test("one break of a watch is an event, two in a row are a condition, until every kind is well", () => {
  for (const plural of ["pods", "networkpolicies"]) health.synced(plural, 0);
  health.failed("pods", new Unreachable("hung up"), 200, "watch");
  expect(active()).toEqual([]);
  health.failed("pods", new Unreachable("refused"), 400, "list");
  health.failed("networkpolicies", refusal(503, "busy"), 200, "watch");
  health.failed("networkpolicies", refusal(503, "busy"), 400, "watch");
  expect(active()).toEqual([{ type: "ApiUnreachable", reason: "NoAnswer", message: "refused" }]);
  health.recovered("pods");
  expect(active()).toEqual([{ type: "ApiUnreachable", reason: "Refused", message: "busy" }]);
  health.recovered("networkpolicies");
  expect(active()).toEqual([]);
  health.recovered("networkpolicies");
  expect(events.filter(({ type }) => type === "watch-restored")).toHaveLength(2);
});
