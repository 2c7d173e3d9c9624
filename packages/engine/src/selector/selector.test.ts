import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LabelSelector, LabelSelectorRequirement, Labels } from "../model/labels.ts";
import { LabelIndex } from "./label-index.ts";
import { compileSelector, matchesSelector, mismatches, selectorText, selects } from "./selector.ts";
import { SelectorIndex } from "./selector-index.ts";

const by = (matchLabels: Labels, ...matchExpressions: LabelSelectorRequirement[]): LabelSelector => ({
  matchLabels,
  matchExpressions,
});
const requirement = (
  key: string,
  operator: LabelSelectorRequirement["operator"],
  ...values: string[]
): LabelSelectorRequirement => ({ key, operator, values });

describe("matching", () => {
  const cases: [string, LabelSelector, Labels, boolean][] = [
    ["empty matches everything", by({}), {}, true],
    ["matchLabels: equal", by({ a: "1" }), { a: "1", b: "2" }, true],
    ["matchLabels: different", by({ a: "1" }), { a: "2" }, false],
    ["matchLabels: absent", by({ a: "" }), {}, false],
    ["an empty value is a value", by({ a: "" }), { a: "" }, true],
    ["In", by({}, requirement("a", "In", "1", "2")), { a: "2" }, true],
    ["In needs the key", by({}, requirement("a", "In", "1")), {}, false],
    ["NotIn", by({}, requirement("a", "NotIn", "1", "2")), { a: "2" }, false],
    ["NotIn holds without the key", by({}, requirement("a", "NotIn", "1")), {}, true],
    ["Exists", by({}, requirement("a", "Exists")), { a: "" }, true],
    ["Exists needs the key", by({}, requirement("a", "Exists")), { b: "1" }, false],
    ["DoesNotExist", by({}, requirement("a", "DoesNotExist")), { a: "1" }, false],
    ["DoesNotExist holds without the key", by({}, requirement("a", "DoesNotExist")), {}, true],
    ["all must hold", by({ a: "1" }, requirement("b", "Exists")), { a: "1" }, false],
    ["contradictions match nothing", by({ a: "1" }, requirement("a", "NotIn", "1")), { a: "1" }, false],
    ["inherited properties are no labels", by({}, requirement("constructor", "Exists")), {}, false],
    ["a label may be named so", by({ constructor: "x" }), { constructor: "x" }, true],
  ];
  test.each(cases)("%s", (_, selector, labels, expected) => {
    expect(matchesSelector(selector, labels)).toBe(expected);
  });
});

describe("canonical text", () => {
  test("order, repetition and spelling do not matter", () => {
    const left = by({ b: "2", a: "1" }, requirement("c", "In", "y", "x", "x"), requirement("d", "Exists"));
    const right = by(
      { a: "1" },
      requirement("d", "Exists"),
      requirement("d", "Exists"),
      requirement("c", "In", "x", "y"),
      requirement("b", "In", "2"),
    );
    expect(selectorText(left)).toBe("a=1,b=2,c in (x,y),d");
    expect(selectorText(right)).toBe(selectorText(left));
  });

  test("every operator has its form", () => {
    const all = by(
      {},
      requirement("a", "NotIn", "1"),
      requirement("b", "NotIn", "2", "1"),
      requirement("c", "DoesNotExist"),
    );
    expect(selectorText(all)).toBe("!c,a!=1,b notin (1,2)");
    expect(selectorText(by({}))).toBe("*");
  });

  test("what is no valid label cannot imitate another selector", () => {
    expect(selectorText(by({ a: "1,b=2" }))).not.toBe(selectorText(by({ a: "1", b: "2" })));
    expect(selectorText(by({}, requirement("*", "Exists")))).not.toBe("*");
  });
});

const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"), {
  noNullPrototype: true,
});
const selector = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(
    fc.record({
      key: fc.constantFrom("a", "b", "c"),
      operator: fc.constantFrom("In" as const, "NotIn" as const, "Exists" as const, "DoesNotExist" as const),
      values: fc.array(fc.constantFrom("1", "2"), { minLength: 1 }),
    }),
    { maxLength: 3 },
  ),
});
const settings = { seed: 3, numRuns: 2000 };

test("mismatches is empty exactly when the selector selects", () => {
  fc.assert(
    fc.property(selector, labels, (given, own) => {
      const compiled = compileSelector(given);
      expect(mismatches(compiled, own).length === 0).toBe(selects(compiled, own));
    }),
    settings,
  );
});

test("both indexes offer every match, each once, and forget what is deleted", () => {
  fc.assert(
    fc.property(
      fc.array(selector, { maxLength: 6 }),
      fc.array(labels, { maxLength: 6 }),
      (selectors, objects) => {
        const compiled = selectors.map(compileSelector);
        const selectorIndex = new SelectorIndex<number>();
        const labelIndex = new LabelIndex<number>();
        for (const [index, one] of compiled.entries()) selectorIndex.add(one, index);
        for (const [index, one] of objects.entries()) labelIndex.add(one, index);
        objects.forEach((own, object) => {
          const visited: number[] = [];
          selectorIndex.visit(own, (index) => visited.push(index));
          expect(new Set(visited).size).toBe(visited.length);
          compiled.forEach((one, index) => {
            const sets = labelIndex.candidates(one);
            if (!selects(one, own)) return;
            expect(visited).toContain(index);
            expect(sets === undefined || sets.some((set) => set.has(object))).toBe(true);
          });
        });
        for (const [index, one] of compiled.entries()) selectorIndex.delete(one, index);
        for (const [index, one] of objects.entries()) labelIndex.delete(one, index);
        for (const own of objects) selectorIndex.visit(own, () => expect.unreachable("the index is empty"));
        for (const one of compiled) expect(labelIndex.candidates(one)?.length ?? 0).toBe(0);
      },
    ),
    settings,
  );
});

test("a label meets only the selectors that ask for it, or for none", () => {
  const index = new SelectorIndex<string>();
  index.add(compileSelector(by({ app: "web" })), "web");
  index.add(compileSelector(by({ app: "db" })), "db");
  index.add(compileSelector(by({}, requirement("tier", "Exists"))), "tier");
  index.add(compileSelector(by({})), "all");
  const visited: string[] = [];
  index.visit({ app: "web" }, (item) => visited.push(item));
  expect(visited.sort()).toEqual(["all", "web"]);
});
