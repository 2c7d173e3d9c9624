import { expect, test } from "vitest";
import { expand } from "./expand.ts";

test.each([
  ["plain", "plain"],
  ["$(A)-$(B)", "1-two"],
  ["$(NONE)", "$(NONE)"],
  ["$$(A)", "$(A)"],
  ["$$$(A)", "$1"],
  ["$A $ $( $()", "$A $ $( $()"],
  ["$(toString)", "$(toString)"],
])("%s becomes %s", (text, expanded) => {
  expect(expand(text, { A: "1", B: "two" })).toBe(expanded);
});
