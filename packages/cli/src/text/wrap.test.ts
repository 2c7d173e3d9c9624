import pc from "picocolors";
import { expect, test } from "vitest";
import { wrap, wrapLines } from "./wrap.ts";

test("breaks at spaces, never wider than it may be unless a word is", () => {
  expect(wrap("one two three fourteen", 9)).toEqual(["one two", "three", "fourteen"]);
  expect(wrap("  a   b\n c ", 80)).toEqual(["a b c"]);
  expect(wrap("", 10)).toEqual([]);
});

test("colours take no room", () => {
  const { red } = pc.createColors(true);
  expect(wrap(`${red("one")} ${red("two")}`, 7)).toEqual([`${red("one")} ${red("two")}`]);
});

test("indented lines stay indented, and what does not fit goes two columns further in", () => {
  expect(wrapLines("  one two three\n\nfour", 11)).toEqual(["  one two", "    three", "", "four"]);
});
