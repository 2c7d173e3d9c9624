import { afterEach, expect, test } from "vitest";
import { findMutants } from "./find-mutants.ts";
import { activate, instrument } from "./mutant.ts";

afterEach(() => activate(0));

/** What each mutant puts in place of what. */
function changes(source: string): string[] {
  return findMutants("f.ts", source, 1).map(({ original, replacement }) => `${original} → ${replacement}`);
}

test("operators, conditions, words and bounds are mutated", () => {
  expect(changes("const f = (a: number, b: number) => a <= b;")).toEqual([
    "a <= b → a < b",
    "a <= b → a > b",
  ]);
  expect(changes("const f = (a, b) => a && !b;")).toEqual(["a && !b → a || !b", "!b → b"]);
  expect(changes("const f = (a) => (a ? 1 : 2);")).toEqual([
    "a ? 1 : 2 → 1",
    "a ? 1 : 2 → 2",
    "1 → (1 + 1)",
    "1 → (1 - 1)",
    "2 → (2 + 1)",
    "2 → (2 - 1)",
  ]);
  expect(changes('const f = (a) => a.operator === "In";')).toEqual([
    'a.operator === "In" → a.operator !== "In"',
    '"In" → "NotIn"',
  ]);
  expect(changes("const f = (a) => { if (a) go(); };")).toEqual([" → return", "a → false", "go() → 0"]);
});

test("types, messages, patterns and the links of an optional chain are not", () => {
  expect(changes('type T = "In" | "NotIn";')).toEqual([]);
  expect(changes('import { a } from "In";')).toEqual([]);
  expect(changes("const f = () => { throw new Error(a ? b : c); };")).toEqual([" → return"]);
  expect(changes("const f = (a) => a?.filter(b).c;")).toEqual([]);
});

test("what runs when the module is loaded is told apart", () => {
  const found = findMutants("f.ts", "const a = !b; const f = () => !b; class C { d = !b }", 7);
  expect(found.map(({ id, static: atLoad }) => [id, atLoad])).toEqual([
    [7, true],
    [8, false],
    [9, false],
  ]);
});

test("all mutants of a file live in one text, and one is active at a time", () => {
  const source = "return { within: low <= x && x <= high, sum: [low, x].length + 1 };";
  const mutants = findMutants("f.ts", `const f = () => { ${source} };`, 1).flatMap((mutant) => {
    const shift = "const f = () => { ".length;
    return mutant.start < mutant.end
      ? [{ ...mutant, start: mutant.start - shift, end: mutant.end - shift }]
      : [];
  });
  const run = new Function("low", "x", "high", instrument(source, mutants));
  expect(run(1, 3, 3)).toEqual({ within: true, sum: 3 });
  const outcomes = mutants.map(({ id, original, replacement }) => {
    activate(id);
    const { within, sum } = run(1, 3, 3);
    return `${original} → ${replacement}: ${within} ${sum}`;
  });
  expect(outcomes).toEqual([
    "low <= x && x <= high → low <= x || x <= high: true 3",
    "low <= x → low < x: true 3",
    "low <= x → low > x: false 3",
    "x <= high → x < high: false 3",
    "x <= high → x > high: false 3",
    "[low, x].length + 1 → [low, x].length - 1: true 1",
    "[low, x] → [x]: true 2",
    "[low, x] → [low]: true 2",
    "1 → (1 + 1): true 4",
    "1 → (1 - 1): true 2",
  ]);
});

test("a body that is left at once does nothing", () => {
  const source = "const f = (a) => { a.push(1); };";
  const [body] = findMutants("f.ts", source, 1);
  const run = new Function(`${instrument(source, [body!])} return f;`)();
  const list: number[] = [];
  activate(1);
  run(list);
  activate(0);
  run(list);
  expect(list).toEqual([1]);
});
