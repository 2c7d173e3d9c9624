import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff, withContext } from "./line-diff.ts";

const seed = Number(process.env.SEED ?? 20261123);
const texts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

test(`holds both texts in order, and is empty of changes only for equal ones (seed ${seed})`, () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const diff = lineDiff(before, after);
      const side = (gone: string) => diff.filter(({ sign }) => sign !== gone).map(({ text }) => text);
      expect(side("+")).toEqual(before);
      expect(side("-")).toEqual(after);
      expect(diff.every(({ sign }) => sign === " ")).toBe(before.join() === after.join());
    }),
    { seed, numRuns: 500 },
  );
});

test("shows changes with their context, and where something was left out", () => {
  const before = ["1", "2", "3", "4", "5", "6", "7"];
  const diff = withContext(lineDiff(before, before.with(3, "four")), 1);
  expect(diff.map((line) => (line === undefined ? "…" : line.sign + line.text))).toEqual([
    " 3",
    "-4",
    "+four",
    " 5",
    "…",
  ]);
});
