import type { NodeRecord } from "@portcullis/agent";
import { expect, test } from "vitest";
import { listed, now, published, recordOf } from "./fleet.testing.ts";
import { fleetNode } from "./fleet.ts";
import { judgeOnNode } from "./judge-on-node.ts";

const web = listed("shop/web", 20);

function judged(record: NodeRecord | undefined, pods?: number, policy = web) {
  const node = fleetNode({ name: "n1" }, record && published("n1", record), now);
  const { node: _, ...rest } = judgeOnNode(policy, node, pods);
  return rest;
}

test("in force in the present version or a newer one, since its revision was", () => {
  const inForce = { state: "InForce", resourceVersion: "20", sinceMs: now - 3_600_000, pods: 1 };
  expect(judged(recordOf(20, { "shop/web": 20 }))).toEqual(inForce);
  expect(judged(recordOf(30, { "shop/web": 25 }))).toEqual({ ...inForce, resourceVersion: "25" });
});

test("an older version is pending, and is the one in force", () => {
  expect(judged(recordOf(19, { "shop/web": 15 }))).toEqual({
    state: "Pending",
    resourceVersion: "15",
    sinceMs: now - 3_600_000,
    pods: 1,
    reason: "the node has revision 19 of the policies",
  });
});

test("a node that has come so far and selects nothing has nothing to do; before, its pods decide", () => {
  expect(judged(recordOf(20, {}))).toEqual({ state: "NothingToDo" });
  expect(judged(recordOf(19, {})).state).toBe("Unknown");
  expect(judged(recordOf(19, {}), 0)).toEqual({ state: "NothingToDo" });
  expect(judged(recordOf(19, {}), 2)).toEqual({
    state: "Pending",
    reason: "the node has revision 19 of the policies",
  });
  expect(judged(recordOf(undefined, {}), 2).reason).toBe("nothing is in force there yet");
  // A pod that the API has and the agent has not heard of is closed until it has: that is no matter of the policy.
  expect(judged(recordOf(20, {}), 2)).toEqual({ state: "NothingToDo" });
});

test("without an agent the pods decide too", () => {
  expect(judged(undefined).state).toBe("Unknown");
  expect(judged(undefined, 0)).toEqual({ state: "NothingToDo" });
  expect(judged(undefined, 1)).toEqual({
    state: "NoAgent",
    reason: "no agent of Portcullis has ever published from this node",
  });
});

test("what a node says it cannot enforce is told with its reason, beside the version that is in force", () => {
  const exception = {
    policy: "shop/web",
    resourceVersion: "20",
    reason: "set too large",
    sinceMs: 1,
  } as const;
  const failed = recordOf(19, { "shop/web": 15 }, { exceptions: [{ ...exception, state: "Failed" }] });
  expect(judged(failed)).toMatchObject({ state: "Failed", resourceVersion: "15", reason: "set too large" });
  const unreadable = recordOf(20, {}, { exceptions: [{ ...exception, state: "Unreadable" }] });
  expect(judged(unreadable)).toEqual({ state: "Unreadable", reason: "set too large" });
});

test("a staged policy has nothing to do, unless a node still enforces it", () => {
  const staged = listed("shop/web", 20, true);
  expect(judged(recordOf(20, {}), 1, staged)).toEqual({ state: "NothingToDo" });
  expect(judged(undefined, undefined, staged)).toEqual({ state: "NothingToDo" });
  expect(judged(recordOf(19, { "shop/web": 15 }), 1, staged)).toMatchObject({
    state: "Pending",
    resourceVersion: "15",
  });
});

test("of a node that cannot name all, the pods decide, and what it may have left out is not called in force", () => {
  const more = recordOf(20, {}, { moreSelected: 3 });
  expect(judged(more).state).toBe("Unknown");
  expect(judged(more, 0)).toEqual({ state: "NothingToDo" });
  expect(judged(more, 2)).toEqual({ state: "InForce", resourceVersion: "20", sinceMs: now - 3_600_000 });
  expect(judged(recordOf(20, {}, { moreSelected: 3, moreExceptions: 7 }), 2)).toMatchObject({
    state: "Unknown",
    reason: "7 more policies are not in force than the node names",
  });
});

test("of an agent that is gone the rules stay in force, and are not updated", () => {
  const gone = (record: NodeRecord) => {
    const node = fleetNode({ name: "n1" }, published("n1", record, 41_000), now);
    expect(node.agent).toBe("Gone");
    return judgeOnNode(web, node, undefined);
  };
  const words = "the agent is gone: its rules stay in force, but are not updated";
  expect(gone(recordOf(20, { "shop/web": 20 }))).toMatchObject({ state: "InForce", reason: words });
  expect(gone(recordOf(19, { "shop/web": 15 }))).toMatchObject({ state: "Pending", reason: words });
});

test("what was in force before the node was booted is not", () => {
  const record = recordOf(20, { "shop/web": 20 }, { bootId: "life-1" });
  const at = (bootId: string) =>
    judgeOnNode(web, fleetNode({ name: "n1", bootId }, published("n1", record), now), 1);
  expect(at("life-1").state).toBe("InForce");
  expect(at("life-2")).toMatchObject({
    state: "NoAgent",
    reason: "the node has been booted since its agent wrote last",
  });
});

test("an agent that is not ready says why; a record of a newer format cannot be read", () => {
  const condition = {
    type: "NftMissing",
    reason: "NotFound",
    message: "no nft",
    sinceMs: 1,
    blocksReadiness: true,
  };
  const node = fleetNode(
    { name: "n1" },
    published("n1", recordOf(undefined, {}, { conditions: [condition] })),
    now,
  );
  expect(judgeOnNode(web, node, 1)).toMatchObject({
    state: "Pending",
    reason: "the agent is not ready: NftMissing: no nft",
  });
  const hostile = { ...condition, message: "\u001b[2J" };
  const told = fleetNode(
    { name: "n1" },
    published("n1", recordOf(undefined, {}, { conditions: [hostile] })),
    now,
  );
  expect(told.agentWords).toBe("the agent is not ready: NftMissing:  [2J");
  const harmless = { ...condition, blocksReadiness: false };
  expect(
    fleetNode({ name: "n1" }, published("n1", recordOf(1, {}, { conditions: [harmless] })), now).agent,
  ).toBe("Ready");
  expect(judgeOnNode(web, fleetNode({ name: "n1" }, published("n1", undefined), now), 1).state).toBe(
    "NoAgent",
  );
});
