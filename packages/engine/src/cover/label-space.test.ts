import fc from "fast-check";
import { expect, test } from "vitest";
import type { LabelSelector } from "../model/labels.ts";
import { printedSeed } from "../seed.testing.ts";
import { compileSelector, selects } from "../selector/selector.ts";
import { impossibleKey, labelSpace, spaceWithin } from "./label-space.ts";

const values = ["x", "y", "z"];
const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom("a", "b"),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.subarray(values, { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom("a", "b"),
    operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
    values: fc.constant([]),
  }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.constant({}),
  matchExpressions: fc.array(requirement, { maxLength: 4 }),
});

/** Every set of labels that selectors of these keys and values can tell apart. */
const universe = [undefined, ...values, "another"].flatMap((a) =>
  [undefined, ...values, "another"].map((b) => ({ ...(a && { a }), ...(b && { b }) })),
);

test("one selector implies another exactly when all labels that match it match the other", () => {
  const seed = printedSeed("label spaces");
  fc.assert(
    fc.property(selector, selector, (one, other) => {
      const [a, b] = [compileSelector(one), compileSelector(other)];
      const implies = universe.every((labels) => !selects(a, labels) || selects(b, labels));
      expect(spaceWithin(labelSpace(a), labelSpace(b))).toBe(implies);
      const matches = universe.some((labels) => selects(a, labels));
      expect(impossibleKey(labelSpace(a)) === undefined).toBe(matches);
    }),
    { seed, numRuns: 2000 },
  );
});
