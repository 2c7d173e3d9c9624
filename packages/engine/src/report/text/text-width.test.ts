import { expect, test } from "vitest";
import { padBoth, padEnd, textWidth } from "./text-width.ts";

test("counts terminal columns, not characters", () => {
  expect(["", "abc", "cafe\u0301", "日本", "→✓✗", "🚀", "a\u200db"].map(textWidth)).toEqual([
    0, 3, 4, 4, 3, 2, 2,
  ]);
});

test("pads to the width and never cuts", () => {
  expect(padEnd("日本", 6)).toBe("日本  ");
  expect(padEnd("long", 2)).toBe("long");
  expect([padBoth("x", 4), padBoth("x", 3), padBoth("long", 2)]).toEqual([" x  ", " x ", "long"]);
});
