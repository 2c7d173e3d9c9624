import { expect, test } from "vitest";
import { readLetters } from "./letters.ts";

test.each([
  [["-zv", "host", "80"], { z: "", v: "" }, ["host", "80"]],
  [["-zvw3", "host", "80"], { z: "", v: "", w: "3" }, ["host", "80"]],
  [["host", "80", "-w", "1", "-u"], { w: "1", u: "" }, ["host", "80"]],
  [["-lp", "8080"], { l: "", p: "8080" }, []],
])("%j", (argv, letters, args) => {
  const found = readLetters(argv, ["w", "p"]);
  expect(Object.fromEntries(found.letters)).toEqual(letters);
  expect(found.args).toEqual(args);
});
