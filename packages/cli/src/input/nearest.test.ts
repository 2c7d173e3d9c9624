import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["backnd", ["frontend", "backend"], "backend"],
  ["podz", ["pods", "po"], "pods"],
  ["x", ["pods"], undefined],
  ["frontend", ["backend"], undefined],
  ["web", [], undefined],
])("%s among %j is %s", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
