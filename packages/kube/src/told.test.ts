import fc from "fast-check";
import { expect, test } from "vitest";
import type { WatchEvent } from "./client.ts";
import { KnownStates } from "./known-states.ts";
import { Told } from "./told.ts";

const event = (type: WatchEvent["type"], name: string, revision: number): WatchEvent => ({
  type,
  object: { apiVersion: "v1", kind: "Pod", metadata: { name, resourceVersion: String(revision) } },
});

function listedAt(revision: number, ...names: readonly string[]): Told {
  const states = new KnownStates();
  for (const name of names) states.set({ name, resourceVersion: "1" });
  const told = new Told();
  told.restart(states, String(revision));
  return told;
}

test("events of one object in the wrong order leave its last state; those of others do not matter to it", () => {
  const told = listedAt(10, "a", "b");
  expect(told.take(event("MODIFIED", "b", 12))).toBe("upsert");
  expect(told.take(event("MODIFIED", "a", 11))).toBe("upsert");
  expect(told.take(event("MODIFIED", "b", 11))).toBe("past");
  expect(told.take(event("DELETED", "a", 13))).toBe("delete");
  expect(told.take(event("MODIFIED", "a", 12))).toBe("past");
  expect(told.take(event("ADDED", "a", 14))).toBe("upsert");
  expect(told.position).toBe("14");
});

test("what is older than the list is past, also for an object that is not there", () => {
  const told = listedAt(10);
  expect(told.take(event("ADDED", "gone", 9))).toBe("past");
  expect(told.take(event("DELETED", "gone", 11))).toBe("progress");
  expect(told.take(event("BOOKMARK", "", 20))).toBe("progress");
  expect(told.take(event("BOOKMARK", "", 19))).toBe("backwards");
});

test("a deletion may carry the revision that the object had", () => {
  const told = listedAt(1, "a");
  expect(told.take(event("DELETED", "a", 1))).toBe("delete");
});

test("in any order, with repetitions, the copy ends as it does in order", () => {
  const writes = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(writes, fc.infiniteStream(fc.nat()), (steps, random) => {
      const expected = new Set(["a"]);
      const events = steps.flatMap(([name, isPut], index) => {
        if (!isPut && !expected.has(name)) return [];
        const type = isPut ? (expected.has(name) ? "MODIFIED" : "ADDED") : "DELETED";
        if (isPut) expected.add(name);
        else expected.delete(name);
        return [event(type, name, 11 + index)];
      });
      const order = [...events, ...events]
        .map((each) => [each, random.next().value as number] as const)
        .sort(([, one], [, other]) => one - other);
      const told = listedAt(10, "a");
      for (const [each] of order) told.take(each);
      expect([...told.states.names()].map(({ name }) => name).sort()).toEqual([...expected].sort());
    }),
    { seed: 7, numRuns: 500 },
  );
});
