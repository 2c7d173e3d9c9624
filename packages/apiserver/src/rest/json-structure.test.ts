import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanJson } from "./json-structure.ts";

describe("scanJson", () => {
  it.each([
    ['"a"', 0, []],
    ["{}", 1, []],
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', 3, []],
    ['{"a":1,"a":2}', 1, ["a"]],
    ['{"spec":{"ports":[{"port":1},{"port":1, "port" :2}]}}', 4, ["spec.ports[1].port"]],
    ['{"a":"a","b":"\\"a\\":{[","c":["a","a"]}', 2, []],
    ['{"a":1,"\\u0061":2}', 1, ["a"]],
    ['{"m":[[1,2],[{"x":1,"x":1}]]}', 4, ["m[1][0].x"]],
  ])("%s", (text, depth, duplicates) => {
    expect(scanJson(text, 100)).toEqual({ depth, duplicates });
  });

  it("gives up past the limit", () => {
    expect(scanJson(`${"[".repeat(1000)}${"]".repeat(1000)}`, 10).depth).toBe(11);
  });

  it("finds nothing in what JSON.stringify wrote, however it is spaced", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        expect(scanJson(JSON.stringify(value, undefined, space), 1000).duplicates).toEqual([]);
      }),
      { seed: 20260102, numRuns: 500 },
    );
  });
});
