import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSelected, encodeSelected } from "./encode-selected.ts";
import { policyId } from "./policy-id.ts";

const policies = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    pods: fc.nat({ max: 5000 }),
    resourceVersion: fc.bigInt({ min: 0n, max: 2n ** 64n }),
  }),
  { selector: ({ id }) => id },
);

test("what is encoded is decoded, sorted by id", () => {
  fc.assert(
    fc.property(policies, (given) => {
      expect(decodeSelected(encodeSelected(given))).toEqual([...given].sort((a, b) => a.id - b.id));
      expect(encodeSelected([...given].reverse())).toBe(encodeSelected(given));
    }),
  );
});

test("a text that is none is refused, wherever it is cut", () => {
  const text = encodeSelected([{ id: policyId("shop/web"), pods: 200, resourceVersion: 1_000_000n }]);
  expect(text).toHaveLength(15);
  for (let length = 1; length < text.length; length++)
    expect(decodeSelected(text.slice(0, length))).toBeUndefined();
  expect(decodeSelected("")).toEqual([]);
  for (const wrong of ["*", "ä", "AAAA====", "A".repeat(200) + "_".repeat(200)])
    expect(decodeSelected(wrong)).toBeUndefined();
});

test("a policy costs 16 characters in a cluster that has seen a billion revisions", () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    id: policyId(`namespace-${index}/policy`),
    pods: 3,
    resourceVersion: 1_000_000_000n + BigInt(index),
  }));
  expect(encodeSelected(many).length / 300).toBe(16);
});
