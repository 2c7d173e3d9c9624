import { expect, test } from "vitest";
import { TruthTable } from "./truth-table.ts";

const cell = { from: "y/a", to: "x/a", port: 80, protocol: "TCP", family: 4 } as const;

test("what no line fits is allowed, and a pod reaches itself", () => {
  expect(new TruthTable([]).allows(cell)).toBe(true);
  expect(new TruthTable(["- * -> *"]).allows(cell)).toBe(false);
  expect(new TruthTable(["- * -> *"]).allows({ ...cell, from: "x/a" })).toBe(true);
});

test("the last line that fits decides", () => {
  const table = new TruthTable(["- * -> x", "+ y -> x/a,x/b", "- y/b -> x"]);
  expect(table.allows(cell)).toBe(true);
  expect(table.allows({ ...cell, to: "x/c" })).toBe(false);
  expect(table.allows({ ...cell, from: "y/b" })).toBe(false);
  expect(table.allows({ ...cell, to: "z/a" })).toBe(true);
});

test.each([
  ["- y -> x", true],
  ["- x -> y", false],
  ["- any/a -> x", true],
  ["- any/b -> x", false],
  ["- node,y/a -> x/a", true],
  ["- node -> x/a", false],
  ["- * -> * @ 80", true],
  ["- * -> * @ 81,82", false],
  ["- * -> * @ UDP,TCP", true],
  ["- * -> * @ 80 UDP", false],
  ["- * -> * @ 80 TCP IPv4", true],
  ["- * -> * @ IPv6", false],
])("%s fits: %s", (line, fits) => {
  expect(new TruthTable([line]).allows(cell)).toBe(!fits);
});

test.each(["* -> x", "- x", "- x ->", "- x -> y @", "- x -> y @ http", "- x->y", "- x -> y @ TCP 80"])(
  "%s is no line",
  (line) => {
    expect(() => new TruthTable([line])).toThrow(SyntaxError);
  },
);
