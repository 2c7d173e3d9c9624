import { expect, it } from "vitest";
import { BackOff } from "./back-off.ts";

it("doubles, up to a longest wait, and begins anew", () => {
  const backOff = new BackOff({ random: () => 0, firstMs: 100, longestMs: 500 });
  expect([1, 2, 3, 4, 5].map(() => backOff.next())).toEqual([100, 200, 400, 500, 500]);
  backOff.reset();
  expect(backOff.next()).toBe(100);
});

it("stretches each wait by up to its length", () => {
  const random = [0.5, 0.99];
  const backOff = new BackOff({ random: () => random.shift()!, firstMs: 100 });
  expect([backOff.next(), backOff.next()]).toEqual([150, 398]);
});
