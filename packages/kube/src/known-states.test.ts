import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownStates } from "./known-states.ts";

test("knows what a map of states would know, over growth and reuse of places", () => {
  const step = fc.record({
    namespace: fc.constantFrom(undefined, "n", "m"),
    name: fc.integer({ min: 0, max: 120 }).map((number) => `p${number}`),
    resourceVersion: fc.integer({ min: 1, max: 3 }).map(String),
    uid: fc.constantFrom("one", "two"),
    isPut: fc.integer({ min: 0, max: 3 }).map((number) => number > 0),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
      const states = new KnownStates();
      const model = new Map<string, string>();
      for (const { isPut, ...rest } of steps) {
        const { namespace, ...others } = rest;
        const metadata = namespace === undefined ? others : { ...others, namespace };
        const key = `${namespace ?? ""}/${metadata.name}`;
        const state = `${metadata.resourceVersion} ${metadata.uid}`;
        expect(states.has(metadata)).toBe(model.get(key) === state);
        if (isPut) {
          states.set(metadata);
          model.set(key, state);
          expect(states.revision(metadata)).toBe(Number(metadata.resourceVersion));
        } else expect(states.delete(metadata)).toBe(model.delete(key));
      }
      const keys = [...states.names()].map(({ namespace, name }) => `${namespace ?? ""}/${name}`);
      expect(keys.sort()).toEqual([...model.keys()].sort());
      expect(states.size).toBe(model.size);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("tells opaque resourceVersions apart", () => {
  const states = new KnownStates();
  states.set({ name: "a", resourceVersion: "v1-abc" });
  expect(states.has({ name: "a", resourceVersion: "v1-abc" })).toBe(true);
  expect(states.has({ name: "a", resourceVersion: "v1-abd" })).toBe(false);
});
