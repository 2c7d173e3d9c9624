import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { Conditions } from "../conditions.ts";
import { programmed, type State, seenOf } from "./in-force.testing.ts";
import { InForceRecord } from "./in-force-record.ts";
import {
  decodeNodeRecord,
  encodeNodeRecord,
  maxExceptions,
  maxSelected,
  type NodeRecord,
} from "./node-record.ts";
import { policyId } from "./policy-id.ts";

let present: State;
let conditions: Conditions;
let record: InForceRecord;

const empty: State = { policies: {}, pods: [] };

beforeEach(() => {
  present = empty;
  conditions = new Conditions(
    () => {},
    () => 1000,
  );
  record = make();
});

test("what is in force, since when and in which version; for how many pods", () => {
  become(
    { policies: { web: { version: 7, app: "web" }, db: { version: 9, app: "db" } }, pods: ["web", "web"] },
    1000,
  );
  expect(record.policies()).toEqual([
    { policy: "default/db", state: "NothingToDo", resourceVersion: "9", sinceMs: 1000, localPods: 0 },
    { policy: "default/web", state: "InForce", resourceVersion: "7", sinceMs: 1000, localPods: 2 },
  ]);
  become(
    { policies: { web: { version: 12, app: "web" }, db: { version: 9, app: "db" } }, pods: ["web"] },
    2000,
  );
  expect(record.policies()).toMatchObject([
    { state: "NothingToDo", resourceVersion: "9", sinceMs: 1000 },
    { state: "InForce", resourceVersion: "12", sinceMs: 2000, localPods: 1 },
  ]);
});

test("what the API has and the kernel has not is pending, and so is what only the kernel has", () => {
  const web = { policies: { web: { version: 7, app: "web" } }, pods: ["web"] };
  become(web, 1000);
  present = { ...web, policies: { web: { version: 8, app: "web" }, late: { version: 9, app: "web" } } };
  expect(record.policies()).toMatchObject([
    { policy: "default/late", state: "Pending", localPods: 0, reason: "not in force for a moment" },
    {
      policy: "default/web",
      state: "Pending",
      resourceVersion: "7",
      reason: "resourceVersion 7 is in force for a moment",
    },
  ]);
  present = empty;
  expect(record.policies()).toMatchObject([
    { policy: "default/web", state: "Pending", resourceVersion: "7", localPods: 1 },
  ]);
});

test("staged and unreadable policies are in force in no version", () => {
  become(
    {
      policies: {
        s: { version: 1, app: "web", staged: true },
        u: { version: 2, app: "web", unreadable: "spec: Required value" },
      },
      pods: ["web"],
    },
    5,
  );
  const [staged, unreadable] = record.policies();
  expect(staged).toMatchObject({ state: "Staged", localPods: 0 });
  expect(unreadable).toMatchObject({ state: "Unreadable", reason: "spec: Required value" });
  expect([staged?.resourceVersion, unreadable?.resourceVersion]).toEqual([undefined, undefined]);
  expect(record.node()).toMatchObject({
    revision: "2",
    selected: [],
    exceptions: [{ policy: "default/u", state: "Unreadable", resourceVersion: "2" }],
  });
});

test("a kernel that refuses holds back what changed, or the policies that are named; the next program clears it", () => {
  const two: State = {
    policies: { a: { version: 1, app: "a" }, b: { version: 2, app: "b" } },
    pods: ["a", "b"],
  };
  become(two, 1000);
  present = { ...two, policies: { ...two.policies, a: { version: 3, app: "a" } } };
  record.take({ type: "not-in-force", error: "set too large", policies: [], atMs: 2000 });
  record.take({ type: "not-in-force", error: "set too large", policies: [], atMs: 2500 });
  expect(record.policies()).toMatchObject([
    { state: "Failed", resourceVersion: "1", reason: "set too large" },
    { state: "InForce" },
  ]);
  expect(record.node()).toMatchObject({
    revision: "2",
    exceptions: [{ policy: "default/a", state: "Failed", resourceVersion: "3", sinceMs: 2000 }],
  });
  record.take({ type: "not-in-force", error: "set too large", policies: ["default/b"], atMs: 2600 });
  expect(record.policies().map(({ state }) => state)).toEqual(["Pending", "Failed"]);
  become(present, 3000);
  expect(record.policies().map(({ state }) => state)).toEqual(["InForce", "InForce"]);
  expect(record.node().exceptions).toEqual([]);
});

test("progress without a change of policies is a new revision, and moves no time", () => {
  const state = { policies: { web: { version: 7, app: "web" } }, pods: ["web"] };
  present = state;
  const seen = seenOf(state);
  record.take(programmed(state, 1000, { seen }));
  record.take(programmed(state, 2000, { seen, revision: 50, changed: false }));
  expect(record.node()).toMatchObject({ revision: "50", log: [{ revision: "7", sinceMs: 1000 }] });
});

test("a program from the disk is in force, and of no known version", () => {
  const { policies: _, ...event } = programmed(
    { policies: { web: { version: 7, app: "web" } }, pods: ["web"] },
    1000,
  );
  record.take({ ...event, fromDisk: true });
  expect(record.policies()).toMatchObject([{ policy: "default/web", localPods: 1 }]);
  expect(record.policies()[0]?.resourceVersion).toBeUndefined();
  expect(record.node().revision).toBeUndefined();
});

test("conditions are told, but those that keep the telling from arriving", () => {
  conditions.set("NftMissing", "NotFound", "no nft\n".repeat(100));
  conditions.set("ApiUnreachable", "Down", "…");
  const [condition, ...more] = record.node().conditions;
  expect(more).toEqual([]);
  expect(condition).toMatchObject({
    type: "NftMissing",
    reason: "NotFound",
    blocksReadiness: true,
    sinceMs: 1000,
  });
  expect(condition?.message.length).toBe(160);
  expect(record.node().revision).toBeUndefined();
});

test("the answers depend on the present state alone, however it was come to", () => {
  const states = fc.array(
    fc.record({
      policies: fc.dictionary(
        fc.constantFrom("a", "b", "c"),
        fc.record({
          version: fc.integer({ min: 1, max: 9 }),
          app: fc.constantFrom("x", "y"),
          staged: fc.boolean(),
        }),
      ),
      pods: fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(states, fc.boolean(), (list, backwards) => {
      const last = list.at(-1)!;
      const direct = statesOf([last]);
      const former = backwards ? list.slice(0, -1).reverse() : list.slice(0, -1);
      expect(statesOf([...former.flatMap((state) => [state, empty]), last])).toEqual(direct);
      expect(statesOf([...former, last, last])).toEqual(direct);
    }),
  );
});

test("a successor that finds the kernel as it had to be goes on with the times; one in another life does not", () => {
  const state = { policies: { web: { version: 7, app: "web" } }, pods: ["web"] };
  const former: NodeRecord = {
    ...emptyRecord,
    bootId: "life-1",
    revision: "7",
    log: [{ revision: "7", sinceMs: 10 }],
  };
  for (const late of [false, true]) {
    const since = (bootId: string, changed: boolean) => {
      present = state;
      record = make(bootId);
      if (!late) record.adopt(former);
      record.take(programmed(state, 5000, { changed }));
      if (late) record.adopt(former);
      return record.policies()[0]?.sinceMs;
    };
    expect(since("life-1", false)).toBe(10);
    expect(since("life-1", true)).toBe(5000);
    expect(since("life-2", false)).toBe(5000);
  }
});

test("until it has programmed, a successor publishes what its predecessor left in the kernel", () => {
  record = make("life-1");
  const selected = [{ id: policyId("default/web"), pods: 1, resourceVersion: 7n }];
  record.adopt({ ...emptyRecord, bootId: "life-1", revision: "7", selected });
  expect(record.node()).toMatchObject({ revision: "7", selected });
  become({ policies: { db: { version: 9, app: "db" } }, pods: [] }, 1);
  expect(record.node()).toMatchObject({ revision: "9", selected: [] });
});

test("a record stays small: 10,000 policies on one node, and all of them not in force", () => {
  const names = Array.from(
    { length: 10_000 },
    (_, index) => `default/${"policy-of-a-long-name-".repeat(10)}${index}`,
  );
  const seen = new Map(
    names.map((name, index) => [name, { resourceVersion: String(1_000_000 + index), staged: false }]),
  );
  const chains = Array.from({ length: 200 }, (_, index) => ({
    id: `chain-${index}`,
    direction: "Ingress" as const,
    policies: names.filter((_, position) => position % 1000 === index),
    rules: [],
  }));
  const pods = chains.map(({ id }) => ({ key: id, addresses: [], ingress: id }));
  record = new InForceRecord({ seen: () => seen, conditions });
  const program = { pods, chains, addressSets: [], endpointSets: [] };
  record.take({ ...programmed(empty, 1_700_000_000_000, { revision: 2_000_000, seen }), program });
  expect(record.node()).toMatchObject({ moreSelected: 2000 - maxSelected, moreExceptions: 0 });
  expect(encodeNodeRecord(record.node()).length).toBeLessThan(8500);
  // The newest are told, since what is old is known to be in force by the revision.
  const told = record.node().selected.map(({ resourceVersion }) => Number(resourceVersion));
  expect(Math.min(...told)).toBeGreaterThan(1_000_000 + 10_000 - 5 * maxSelected - 1000);

  record.take({
    type: "not-in-force",
    error: "é".repeat(5000),
    policies: names,
    atMs: 1,
  });
  for (const type of ["NotInForce", "Drifted", "CutFailed", "PolicyUnreadable"] as const)
    conditions.set(type, "R", "ü".repeat(5000));
  const node = record.node();
  expect(node.moreExceptions).toBe(10_000 - maxExceptions);
  expect(Buffer.byteLength(encodeNodeRecord(node))).toBeLessThan(24_000);
  expect(decodeNodeRecord(encodeNodeRecord(node))).toEqual({
    ...node,
    selected: [...node.selected].sort((a, b) => a.id - b.id),
  });
});

test("what is no record is none", () => {
  const text = encodeNodeRecord(emptyRecord);
  expect(decodeNodeRecord(text)).toEqual(emptyRecord);
  const wrong = ["", "null", "[]", "7", text.slice(1), text.replace('"format":1', '"format":2')];
  const changed = (field: string, value: unknown) => JSON.stringify({ ...JSON.parse(text), [field]: value });
  for (const [field, value] of [
    ["log", {}],
    ["log", [[1, 2]]],
    ["log", [["1", 1e300]]],
    ["selected", 7],
    ["selected", "AAA"],
    ["exceptions", [{}]],
    ["conditions", [null]],
  ] as const)
    wrong.push(changed(field, value));
  for (const each of wrong) expect(decodeNodeRecord(each)).toBeUndefined();
});

const emptyRecord: NodeRecord = {
  log: [],
  selected: [],
  moreSelected: 0,
  exceptions: [],
  moreExceptions: 0,
  conditions: [],
};

function make(bootId?: string): InForceRecord {
  return new InForceRecord({
    seen: () => seenOf(present),
    conditions,
    ...(bootId === undefined ? {} : { bootId }),
  });
}

function become(state: State, atMs: number): void {
  present = state;
  record.take(programmed(state, atMs));
}

/** What is told of the policies, without times, after these states. */
function statesOf(states: readonly State[]): unknown {
  record = make();
  for (const [index, state] of states.entries()) become(state, index);
  const { selected, exceptions } = record.node();
  return [record.policies().map(({ sinceMs: _, ...rest }) => rest), selected, exceptions];
}
