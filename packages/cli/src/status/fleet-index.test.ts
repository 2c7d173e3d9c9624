import fc from "fast-check";
import { expect, test } from "vitest";
import { listed, now, published, recordOf } from "./fleet.testing.ts";
import { fleetNode } from "./fleet.ts";
import { FleetIndex, type KnownPods } from "./fleet-index.ts";
import { judgeOnNode, needsPods } from "./judge-on-node.ts";
import { leftOvers } from "./left-over.ts";

const keys = ["a/x", "a/y", "b/x"] as const;
const version = fc.integer({ min: 1, max: 9 });

const record = fc
  .record({
    revision: fc.option(version, { nil: undefined }),
    policies: fc.dictionary(fc.constantFrom(...keys), version),
    moreSelected: fc.constantFrom(0, 0, 3),
    moreExceptions: fc.constantFrom(0, 0, 3),
    failing: fc.option(fc.constantFrom(...keys), { nil: undefined }),
  })
  .map(({ revision, policies, failing, ...more }) =>
    recordOf(revision, policies, {
      ...more,
      exceptions:
        failing === undefined
          ? []
          : [{ policy: failing, state: "Failed" as const, resourceVersion: "9", reason: "r", sinceMs: 1 }],
    }),
  );

const fleet = fc
  .array(fc.option(record, { nil: undefined }), { maxLength: 5 })
  .map((records) =>
    records.map((each, index) => fleetNode({ name: `n${index}` }, each && published(`n${index}`, each), now)),
  );

test("the index answers as if every node was judged by itself", () => {
  const policy = fc.tuple(fc.constantFrom(...keys), version, fc.boolean()).map((given) => listed(...given));
  const counts = fc.array(fc.option(fc.nat({ max: 2 }), { nil: undefined }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(fleet, policy, counts, (nodes, given, each) => {
      const count = (node: string) => each[Number(node.slice(1))];
      const pods: KnownPods = {
        count: (_, node) => count(node),
        nodes: () => nodes.map(({ name }) => name).filter((name) => (count(name) ?? 0) > 0),
      };
      const index = new FleetIndex(nodes);
      const all = nodes.map((node) => judgeOnNode(given, node, count(node.name)));
      expect(index.judge(given, pods)).toEqual(all.filter(({ state }) => state !== "NothingToDo"));
      const undecided = nodes.filter((node) => needsPods(given, node));
      expect(index.isUndecided(given)).toBe(undecided.length > 0);
      expect(index.mayNotDecide([given])).toEqual(expect.arrayContaining(undecided));
    }),
  );
});

test("left over is what nodes enforce of policies that are not there, up to what was read", () => {
  const nodes = [
    fleetNode({ name: "n2" }, published("n2", recordOf(9, { "a/x": 3, "a/gone": 4 })), now),
    fleetNode({ name: "n1" }, published("n1", recordOf(9, { "a/gone": 4, "a/new": 8 })), now),
  ];
  const found = leftOvers(nodes, [listed("a/x", 5)], 7n);
  expect(
    found.map(({ resourceVersion, nodes: having }) => [resourceVersion, having.map(({ name }) => name)]),
  ).toEqual([["4", ["n1", "n2"]]]);
  expect(leftOvers(nodes, [listed("a/x", 5)], 8n)).toHaveLength(2);
  expect(leftOvers([], [], 8n)).toEqual([]);
});
