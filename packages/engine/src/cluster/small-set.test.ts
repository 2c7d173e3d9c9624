import fc from "fast-check";
import { expect, test } from "vitest";
import { SmallSet } from "./small-set.ts";

test("behaves as a Set, below and above the size at which it becomes one", () => {
  const step = fc.record({ item: fc.integer({ min: 0, max: 60 }), isAdded: fc.boolean() });
  const filled = fc.nat({ max: 50 });
  fc.assert(
    fc.property(filled, fc.array(step, { maxLength: 60 }), (size, steps) => {
      const set = new SmallSet<number>();
      const model = new Set<number>();
      for (let item = 0; item < size; item++) {
        set.add(item);
        model.add(item);
      }
      for (const { item, isAdded } of steps) {
        if (isAdded) {
          set.add(item);
          model.add(item);
        } else {
          set.delete(item);
          model.delete(item);
        }
        expect(set.has(item)).toBe(model.has(item));
      }
      expect([...set].sort()).toEqual([...model].sort());
    }),
    { seed: 5, numRuns: 300 },
  );
});
