import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("nothing of a name moves the cursor or turns the line round", () => {
  expect(printable("a\u001b[2Jb\nc")).toBe("a [2Jb c");
  expect(printable("policy\u202elmay.txt")).toBe("policy\ufffdlmay.txt");
  expect(printable("名前 עברית é")).toBe("名前 עברית é");
});
