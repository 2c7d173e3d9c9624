import { expect, it } from "vitest";
import { canonicalQuantity, parseQuantity } from "./quantity.ts";

it.each([
  ["0", "0"],
  ["-0", "0"],
  ["1", "1"],
  ["+1", "1"],
  ["-1500m", "-1500m"],
  ["0.5", "500m"],
  ["1.5", "1500m"],
  [".5", "500m"],
  ["5.", "5"],
  ["1000m", "1"],
  ["1000", "1k"],
  ["1024", "1024"],
  ["1500k", "1500k"],
  ["1000k", "1M"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["1100Mi", "1100Mi"],
  ["0.5Ki", "512"],
  ["1e3", "1e3"],
  ["1E3", "1e3"],
  ["1000e0", "1e3"],
  ["12e2", "1200"],
  ["1n", "1n"],
  ["0.1n", "1n"],
  ["1E", "1E"],
  ["100M", "100M"],
])("writes %s as %s", (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

it.each(["", ".", "a", "1 Gi", "1gi", "1KiB", "--1", "1e", "e3", "1e99999", "9".repeat(1000)])(
  "takes %s for no quantity",
  (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  },
);

it.each([
  ["-1500m", -1.5],
  ["+.5", 0.5],
  ["5.", 5],
  ["300m", 0.3],
  ["7n", 7e-9],
  ["2e3", 2000],
  ["2E3", 2000],
  ["2E", 2e18],
  ["1.5Gi", 1.5 * 2 ** 30],
  [4, 4],
  ["", undefined],
  ["+", undefined],
  ["1 Gi", undefined],
  [null, undefined],
])("reads %s as %s", (value, number) => {
  expect(parseQuantity(value)).toBe(number);
});
