import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedMap } from "./ordered-map.ts";

test("behaves as a map whose values are listed by key, whenever it is asked", () => {
  const step = fc.record({
    key: fc.constantFrom("a", "a-b", "a/b", "b", "c", "d"),
    value: fc.nat(),
    act: fc.constantFrom("set", "set", "delete", "list"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const map = new OrderedMap<number>();
      const model = new Map<string, number>();
      const listed = () => [...model.keys()].sort().map((key) => model.get(key));
      for (const { key, value, act } of steps) {
        if (act === "set") {
          map.set(key, value);
          model.set(key, value);
        } else if (act === "delete") expect(map.delete(key)).toBe(model.delete(key));
        else expect(map.values()).toEqual(listed());
        expect(map.get(key)).toBe(model.get(key));
      }
      expect(map.values()).toEqual(listed());
      expect(map.size).toBe(model.size);
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test("the list is the same array until something changes", () => {
  const map = new OrderedMap<number>();
  map.set("a", 1);
  const list = map.values();
  expect(map.values()).toBe(list);
  map.set("a", 2);
  expect(map.values()).toEqual([2]);
});
