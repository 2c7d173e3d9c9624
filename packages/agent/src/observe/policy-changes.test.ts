import { expect, test } from "vitest";
import type { Programmed } from "../agent-event.ts";
import { clusterOf, podObject, policyObject, put } from "./objects.testing.ts";
import { PolicyChanges } from "./policy-changes.ts";

function setUp() {
  const cluster = clusterOf(podObject("db", ["10.0.0.1"]), podObject("web", ["10.0.0.2"]));
  const changes = new PolicyChanges();
  const versions = new Map<string, { readonly resourceVersion: string; readonly staged: boolean }>();
  /** As the agent tells it after these policies, by name, got these versions; 0 is deleted. */
  const take = (changed: Readonly<Record<string, number>>) => {
    for (const [name, version] of Object.entries(changed)) {
      if (version === 0) {
        cluster.delete("NetworkPolicy", "shop", name);
        versions.delete(`shop/${name}`);
        continue;
      }
      put(cluster, policyObject(name, name.split("-")[0]!));
      versions.set(`shop/${name}`, { resourceVersion: `${version}`, staged: false });
    }
    return changes.take({
      policies: new Map(versions),
      program: cluster.program(() => true),
    } as unknown as Programmed);
  };
  return { take };
}
const listed = (...policies: readonly [string, string][]) =>
  policies.map(([policy, resourceVersion]) => ({ policy, resourceVersion }));

test("of the first program nothing is told, of later ones what is new, changed or gone", () => {
  const { take } = setUp();
  expect(take({ "db-a": 1, "web-a": 2 })).toBeUndefined();
  expect(take({})).toBeUndefined();
  expect(take({ "web-b": 4, "db-a": 3 })).toEqual({
    policies: listed(["shop/db-a", "3"], ["shop/web-b", "4"]),
    deleted: [],
    more: 0,
  });
  expect(take({ "web-a": 0, "web-b": 0 })).toEqual({
    policies: [],
    deleted: ["shop/web-a", "shop/web-b"],
    more: 0,
  });
});

test("a policy that selects no pod of this node does not matter here", () => {
  const { take } = setUp();
  take({ "db-a": 1, "other-a": 1 });
  expect(take({ "other-a": 2, "other-b": 3 })).toBeUndefined();
  expect(take({ "other-a": 0 })).toBeUndefined();
});

test("of very many a hundred are listed", () => {
  const { take } = setUp();
  take({});
  const told = take(Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`db-${i}`, i + 1])));
  expect([told?.policies.length, told?.more]).toEqual([100, 30]);
});
