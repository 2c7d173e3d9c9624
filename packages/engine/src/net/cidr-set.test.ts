import fc from "fast-check";
import { expect, test } from "vitest";
import { addressFromValue } from "./address.ts";
import { type Cidr, cidrContains, cidrFromValue, compareCidrs, parseCidr } from "./cidr.ts";
import { subtractAndMerge } from "./cidr-set.ts";

// Prefixes are drawn from the last 64 addresses of either end of a family, so that the model can look at each address.
const window = 64n;
const cidr = (family: 4 | 6) =>
  fc
    .record({ offset: fc.bigInt({ min: 0n, max: window - 1n }), host: fc.integer({ min: 0, max: 6 }) })
    .chain((at) =>
      fc.boolean().map((top) => {
        const bits = family === 4 ? 32 : 128;
        const base = top ? (1n << BigInt(bits)) - window : 0n;
        return cidrFromValue(family, base + at.offset, bits - at.host);
      }),
    );
const anyCidr = fc.oneof(cidr(4), cidr(6));
const blocks = fc.array(fc.record({ cidr: anyCidr, except: fc.array(anyCidr, { maxLength: 4 }) }), {
  maxLength: 6,
});

/** Every address of the windows, asked one by one. */
function members(contains: (family: 4 | 6, value: bigint) => boolean): string[] {
  const found: string[] = [];
  for (const family of [4, 6] as const) {
    for (const base of [0n, (1n << (family === 4 ? 32n : 128n)) - window]) {
      for (let value = base; value < base + window; value++) {
        if (contains(family, value)) found.push(`${family}:${value}`);
      }
    }
  }
  return found;
}

const isIn = (list: readonly Cidr[], family: 4 | 6, value: bigint) =>
  list.some((one) => cidrContains(one, addressFromValue(family, value)));

test("holds exactly the addresses of the blocks", () => {
  fc.assert(
    fc.property(blocks, (input) => {
      const result = subtractAndMerge(input);
      const expected = members((family, value) =>
        input.some((block) => isIn([block.cidr], family, value) && !isIn(block.except, family, value)),
      );
      expect(members((family, value) => isIn(result, family, value))).toEqual(expected);
    }),
  );
});

test("is sorted, disjoint and minimal", () => {
  fc.assert(
    fc.property(blocks, (input) => {
      const result = subtractAndMerge(input);
      expect(result).toEqual(result.toSorted(compareCidrs));
      for (const [index, one] of result.entries()) {
        const next = result[index + 1];
        if (next === undefined || next.family !== one.family) continue;
        expect(next.first > one.last).toBe(true);
        // No two neighbours are halves of one wider prefix: a disjoint list without such pairs is minimal.
        const parent = cidrFromValue(one.family, one.first, Math.max(0, one.prefix - 1));
        expect(one.prefix === next.prefix && parent.first === one.first && parent.last === next.last).toBe(
          false,
        );
      }
    }),
  );
});

test("is the same for any order of blocks and for its own result", () => {
  fc.assert(
    fc.property(blocks, (input) => {
      const result = subtractAndMerge(input);
      expect(subtractAndMerge(input.toReversed())).toEqual(result);
      expect(subtractAndMerge(result.map((one) => ({ cidr: one, except: [] })))).toEqual(result);
    }),
  );
});

test("an except takes away from its own block only", () => {
  const block = (text: string, ...except: string[]) => ({
    cidr: parseCidr(text)!,
    except: except.map((one) => parseCidr(one)!),
  });
  const texts = (...input: ReturnType<typeof block>[]) => subtractAndMerge(input).map(({ text }) => text);
  expect(texts(block("10.0.0.0/30", "10.0.0.1/32"))).toEqual(["10.0.0.0/32", "10.0.0.2/31"]);
  expect(texts(block("10.0.0.0/30", "10.0.0.1/32"), block("10.0.0.1/32"))).toEqual(["10.0.0.0/30"]);
  expect(texts(block("0.0.0.0/0"), block("::/0"))).toEqual(["0.0.0.0/0", "::/0"]);
  expect(texts(block("0.0.0.0/1"), block("128.0.0.0/1"))).toEqual(["0.0.0.0/0"]);
  expect(texts(block("10.0.0.0/24", "10.0.0.0/24"))).toEqual([]);
  expect(texts(block("10.0.0.0/24", "10.0.0.0/8"))).toEqual([]);
  expect(texts()).toEqual([]);
});
