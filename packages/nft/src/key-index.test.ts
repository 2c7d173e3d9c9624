import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInterval } from "./field.ts";
import { KeyIndex } from "./key-index.ts";

const types = ["ipv4_addr", "inet_proto", "inet_service"] as const;
const small = fc.integer({ min: 0, max: 31 });
const range = (prefix: string) =>
  fc.oneof(
    small.map((n) => `${prefix}${n}`),
    fc.tuple(small, small).map(([a, b]) => `${prefix}${Math.min(a, b)}-${prefix}${Math.max(a, b)}`),
  );
const key = fc.tuple(
  fc.oneof(
    range("10.0.0."),
    fc.integer({ min: 27, max: 32 }).map((n) => `10.0.0.0/${n}`),
  ),
  fc.constantFrom("tcp", "udp"),
  range(""),
);
const point = fc.tuple(
  small.map((n) => `10.0.0.${n}`),
  fc.constantFrom("tcp", "udp"),
  small.map(String),
);

function covers(k: readonly string[], p: readonly string[]): boolean {
  return types.every((type, i) => {
    if (type === "inet_proto") return k[i] === p[i];
    const [have, want] = [parseInterval(type, k[i] ?? ""), parseInterval(type, p[i] ?? "")];
    return have !== undefined && want !== undefined && have.first <= want.last && want.first <= have.last;
  });
}

describe("KeyIndex", () => {
  it("finds a key that covers the point exactly when there is one", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), fc.array(point, { maxLength: 20 }), (keys, points) => {
        const index = new KeyIndex(types, keys);
        for (const p of points) {
          const found = index.find(p);
          if (found === undefined) expect(keys.some((k) => covers(k, p))).toBe(false);
          else expect(covers(found.split(" . "), p)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("finds an overlap exactly when there is one", () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 20 }), (keys) => {
        const index = new KeyIndex(types, keys, false);
        for (const k of keys) {
          const others = keys.filter((other) => other.join(" . ") !== k.join(" . "));
          expect(index.overlapping(k) !== undefined).toBe(others.some((other) => covers(other, k)));
        }
      }),
      { numRuns: 500 },
    );
  });
});
