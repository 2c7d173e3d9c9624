import { expect, test } from "vitest";
import { fittingCell, geometryOf, moved, placeAt, visibleRange } from "./matrix-geometry.ts";

test("few boxes have large cells, a thousand one pixel each", () => {
  expect(fittingCell(5, 1200, 800)).toBe(36);
  expect(fittingCell(1000, 1200, 1100)).toBe(1);
  expect(fittingCell(5000, 300, 300)).toBe(1);
});

test("a point is the cell under it, and the gutters are none", () => {
  const geometry = geometryOf(3, 28);
  const middle = (at: number) => geometry.left + at * 28 + 14;
  expect(placeAt(geometry, middle(2), middle(1))).toEqual({ from: 1, to: 2 });
  expect(placeAt(geometry, geometry.left - 1, middle(0))).toBeUndefined();
  expect(placeAt(geometry, middle(3), middle(0))).toBeUndefined();
});

test("what is scrolled away is not drawn", () => {
  expect(visibleRange(geometryOf(100, 10), 95, 100)).toEqual({ first: 9, last: 20 });
  expect(visibleRange(geometryOf(5, 10), 0, 1000)).toEqual({ first: 0, last: 5 });
});

test("keys move as in a spreadsheet, and stay inside", () => {
  const key = (name: string, ctrlKey = false) => moved({ from: 1, to: 1 }, { key: name, ctrlKey }, 3);
  expect(key("ArrowUp")).toEqual({ from: 0, to: 1 });
  expect(key("ArrowRight", true)).toEqual({ from: 1, to: 2 });
  expect(key("PageDown")).toEqual({ from: 2, to: 1 });
  expect(key("End", true)).toEqual({ from: 2, to: 2 });
  expect(key("a")).toBeUndefined();
});
