import { describe, expect, test } from "vitest";
import { keyText, resolvePlainScalar, resolveTaggedScalar, type ScalarValue } from "./yaml-scalar.ts";

describe("plain scalars mean what go-yaml 2 says", () => {
  test.each<[string, ScalarValue]>([
    ["y", true],
    ["Y", true],
    ["yes", true],
    ["On", true],
    ["TRUE", true],
    ["n", false],
    ["NO", false],
    ["off", false],
    ["False", false],
    ["yEs", "yEs"],
    ["tRue", "tRue"],
    ["", null],
    ["~", null],
    ["null", null],
    ["NULL", null],
    ["nuLL", "nuLL"],
    ["0", 0],
    ["-0", 0],
    ["+12", 12],
    ["0777", 511],
    ["-0777", -511],
    ["0o17", 15],
    ["0x1F", 31],
    ["-0x1f", -31],
    ["0b101", 5],
    ["1_000", 1000],
    ["1__0_", 10],
    ["_1", "_1"],
    ["08", 8],
    ["089", 89],
    ["1e3", 1000],
    ["1E+3", 1000],
    ["1.5e-1", 0.15],
    ["1.", 1],
    [".5", 0.5],
    ["+.5", 0.5],
    [".", "."],
    ["-", "-"],
    ["1e", "1e"],
    ["1e999", "1e999"],
    ["0x", "0x"],
    ["0xg", "0xg"],
    ["1.2.3.4", "1.2.3.4"],
    ["1:30", "1:30"],
    ["190:20:30", "190:20:30"],
    ["2001-01-01", "2001-01-01"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    [".inf", Number.POSITIVE_INFINITY],
    ["-.INF", Number.NEGATIVE_INFINITY],
    [".NaN", Number.NaN],
    ["inf", "inf"],
    ["nan", "nan"],
    ["=", "="],
    ["frontend", "frontend"],
    ["none", "none"],
    ["99999999999999999999", 1e20],
  ])("%j is %j", (source, value) => {
    expect(resolvePlainScalar(source)).toBe(value);
  });
});

test("tags choose, and refuse what does not fit", () => {
  const tag = (name: string) => `tag:yaml.org,2002:${name}`;
  expect(resolveTaggedScalar(tag("str"), "y")).toBe("y");
  expect(resolveTaggedScalar(tag("int"), "3")).toBe(3);
  expect(resolveTaggedScalar(tag("int"), "0x1e")).toBe(30);
  expect(resolveTaggedScalar(tag("int"), "x")).toBeUndefined();
  expect(resolveTaggedScalar(tag("int"), "1e3")).toBeUndefined();
  expect(resolveTaggedScalar(tag("float"), "3")).toBe(3);
  expect(resolveTaggedScalar(tag("float"), "y")).toBeUndefined();
  expect(resolveTaggedScalar(tag("bool"), "on")).toBe(true);
  expect(resolveTaggedScalar(tag("bool"), "1")).toBeUndefined();
  expect(resolveTaggedScalar(tag("null"), "~")).toBeNull();
  expect(resolveTaggedScalar(tag("null"), "x")).toBeUndefined();
  expect(resolveTaggedScalar("!mine", "y")).toBe("y");
});

test.each<[ScalarValue, string | undefined]>([
  ["app", "app"],
  [true, "true"],
  [80, "80"],
  [-7, "-7"],
  [1.5, "1.5"],
  [0.1, "0.1"],
  [1e-7, "1e-07"],
  [1e20, "100000000000000000000"],
  [Number.POSITIVE_INFINITY, ".inf"],
  [null, undefined],
])("the key %j is written %j", (value, text) => {
  expect(keyText(value)).toBe(text);
});
