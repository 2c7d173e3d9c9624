import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, sameJson } from "./same-json.ts";

test.each([
  [{ a: 1, b: null }, { a: 1 }, true],
  [{ a: [] }, {}, true],
  [{ a: { b: {} } }, undefined, true],
  [{ b: 1, a: 2 }, { a: 2, b: 1 }, true],
  [[1, 2], [2, 1], false],
  [{ a: 0 }, {}, false],
  [{ a: "" }, {}, false],
  [{ a: false }, {}, false],
  [[], {}, true],
  [[null], [], false],
])("%j and %j: %s", (a, b, same) => {
  expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
});

test("two values are the same exactly when they have one canonical text", () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, 0, 1, "", "x", true),
      fc.array(tie("value"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("value"), { maxKeys: 2 }),
    ),
  })).value;
  const property = fc.property(json, json, (a, b) => {
    expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
  });
  fc.assert(property, { seed: 20261123, numRuns: 3_000 });
});
