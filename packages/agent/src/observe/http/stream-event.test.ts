import { Cluster } from "@portcullis/engine";
import { expect, test } from "vitest";
import { Conditions } from "../../conditions.ts";
import { agentEvents } from "../agent-events.testing.ts";
import { AgentState } from "../agent-state.ts";
import { clusterOf, podObject, policyObject } from "../objects.testing.ts";
import { greeting, streamEventOf } from "./stream-event.ts";

const programmed = agentEvents.find((event) => event.type === "programmed")!;

function setUp() {
  const conditions = new Conditions(() => {});
  const state = new AgentState(conditions);
  const take = (event: typeof programmed) => {
    state.take(event);
    return streamEventOf(event, state);
  };
  return { conditions, state, take };
}

test("a program that changed nothing is no event", () => {
  const { take } = setUp();
  expect(take(programmed)?.type).toBe("in-force");
  expect(take({ ...programmed, changed: false })).toBeUndefined();
});

test("what a program brought into force is told with the policies that are new in it", () => {
  const { take } = setUp();
  const empty = new Cluster().program(() => true);
  take({ ...programmed, policies: new Map(), program: empty });
  const cluster = clusterOf(podObject("db", ["10.0.0.1"]), policyObject("p", "db"));
  const policies = new Map([["shop/p", { resourceVersion: "43", staged: false }]]);
  const program = cluster.program(() => true);
  expect(take({ ...programmed, policies, program })?.data).toMatchObject({
    revisions: { networkpolicies: "42" },
    changed: { policies: [{ policy: "shop/p", resourceVersion: "43" }], deleted: [], more: 0 },
  });
  expect(take({ ...programmed, policies, program })?.data).not.toHaveProperty("changed");
});

test("who comes is told what is in force, and what is wrong", () => {
  const { conditions, state } = setUp();
  expect(greeting(state)).toEqual([]);
  conditions.set("NotInForce", "Refused", "nft refused it");
  state.take(programmed);
  expect(greeting(state).map(({ type }) => type)).toEqual(["in-force", "condition"]);
});
