import { expect, test } from "vitest";
import { fieldPath, invalid, quote } from "./field-error.ts";

test("paths are written as the API server writes them", () => {
  expect(fieldPath([])).toBe("");
  expect(fieldPath(["spec", "ingress", 0, "from", 12, "ipBlock"])).toBe("spec.ingress[0].from[12].ipBlock");
});

test.each([
  ["plain", '"plain"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ["\t\n\r\x07\b\f\v", '"\\t\\n\\r\\a\\b\\f\\v"'],
  ["\0\x7f", '"\\x00\\x7f"'],
  ["ünï😀", '"ünï😀"'],
  ["\u200b\ufeff", '"\\u200b\\ufeff"'],
  ["\u{e0001}", '"\\U000e0001"'],
])("%j is quoted as Go's %%q quotes it", (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

test("values that are no text are written plainly", () => {
  expect(invalid(["a"], 5, "why").message).toBe("Invalid value: 5: why");
  expect(invalid(["a"], ["x"], "").message).toBe('Invalid value: ["x"]');
});
