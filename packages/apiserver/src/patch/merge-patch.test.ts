import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyMergePatch } from "./merge-patch.ts";

const seed = 7386;

/** RFC 7386, appendix A: original, patch, result. */
const table: readonly [string, string, string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

/** The pseudo-code of section 2, word for word. */
function oracle(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const result = new Map<string, unknown>(isObject ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, oracle(result.get(name), value));
  }
  return Object.fromEntries(result);
}

describe("applyMergePatch", () => {
  it.each(table)("%s with %s is %s", (target, patch, expected) => {
    expect(applyMergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(expected));
  });

  it("is what the RFC's pseudo-code says, and leaves the target as it was", () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const property = fc.property(json, json, (target, patch) => {
      const before = JSON.stringify(target);
      expect(applyMergePatch(target, patch)).toEqual(oracle(target, patch));
      expect(JSON.stringify(target)).toBe(before);
    });
    fc.assert(property, { seed, numRuns: 500 });
  });

  it("keeps __proto__ a key like others", () => {
    const patch = JSON.parse(
      '{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}',
    ) as unknown;
    const merged = applyMergePatch(JSON.parse('{"__proto__":{"old":1}}'), patch);
    expect(JSON.stringify(merged)).toBe(
      '{"__proto__":{"old":1,"polluted":true},"a":{"__proto__":{"polluted":true}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
