import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressFromValue, parseAddress } from "./address.ts";
import { cidrContains, cidrFromAddress, cidrFromValue, cidrWithin, compareCidrs, parseCidr } from "./cidr.ts";

/** The model: a prefix is the leading bits of an address written as a string of 0 and 1. */
const bitsOf = (family: 4 | 6, value: bigint) => value.toString(2).padStart(family === 4 ? 32 : 128, "0");

const prefix = fc.constantFrom<4 | 6>(4, 6).chain((family) => {
  const bits = family === 4 ? 32 : 128;
  return fc.record({
    family: fc.constant(family),
    value: fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }),
    length: fc.integer({ min: 0, max: bits }),
    // Bits flipped to make a second address that is often near the first.
    distance: fc.integer({ min: 0, max: bits }),
  });
});

describe("parseCidr", () => {
  test.each([
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.1.2.3/32", "10.1.2.3/32"],
    ["::/0", "::/0"],
    ["2001:DB8:0:0::1/64", "2001:db8::/64"],
    ["::1/128", "::1/128"],
  ])("%s is %s", (text, canonical) => {
    expect(parseCidr(text)?.text).toBe(canonical);
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/",
    "/8",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/08",
    "10.0.0.0/+8",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/255.0.0.0",
    "10/8",
    "010.0.0.0/8",
    "::ffff:10.0.0.0/104",
    "fe80::%eth0/64",
    " 10.0.0.0/8",
  ])("refuses %j", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe("against a model of bit strings", () => {
  test("contains", () => {
    fc.assert(
      fc.property(prefix, ({ family, value, length, distance }) => {
        const cidr = cidrFromValue(family, value, length);
        const other = distance === 0 ? value : value ^ (1n << BigInt(distance - 1));
        const expected = bitsOf(family, other).startsWith(bitsOf(family, value).slice(0, length));
        expect(cidrContains(cidr, addressFromValue(family, other))).toBe(expected);
      }),
    );
  });

  test("within", () => {
    fc.assert(
      fc.property(prefix, fc.integer({ min: 0, max: 128 }), ({ family, value, length, distance }, second) => {
        const inner = cidrFromValue(
          family,
          distance === 0 ? value : value ^ (1n << BigInt(distance - 1)),
          Math.min(second, family === 4 ? 32 : 128),
        );
        const outer = cidrFromValue(family, value, length);
        const innerBits = bitsOf(family, inner.first).slice(0, inner.prefix);
        expect(cidrWithin(inner, outer)).toBe(innerBits.startsWith(bitsOf(family, value).slice(0, length)));
      }),
    );
  });

  test("first and last are the prefix followed by zeros and by ones", () => {
    fc.assert(
      fc.property(prefix, ({ family, value, length }) => {
        const cidr = cidrFromValue(family, value, length);
        const bits = family === 4 ? 32 : 128;
        const kept = bitsOf(family, value).slice(0, length);
        expect(bitsOf(family, cidr.first)).toBe(kept.padEnd(bits, "0"));
        expect(bitsOf(family, cidr.last)).toBe(kept.padEnd(bits, "1"));
        if (cidr.first >> 32n !== 0xffffn || family === 4) expect(parseCidr(cidr.text)).toEqual(cidr);
      }),
    );
  });
});

test("families never mix", () => {
  expect(cidrContains(parseCidr("::/0")!, parseAddress("10.0.0.1")!)).toBe(false);
  expect(cidrWithin(parseCidr("10.0.0.0/8")!, parseCidr("::/0")!)).toBe(false);
});

test("cidrFromAddress is the address alone", () => {
  expect(cidrFromAddress(parseAddress("10.0.0.1")!).text).toBe("10.0.0.1/32");
  expect(cidrFromAddress(parseAddress("2001:db8::1")!).text).toBe("2001:db8::1/128");
});

test("cidrFromValue refuses lengths out of range", () => {
  expect(() => cidrFromValue(4, 0n, 33)).toThrow(RangeError);
  expect(() => cidrFromValue(6, 0n, 1.5)).toThrow(RangeError);
});

test("compareCidrs sorts by family, first address, width", () => {
  const sorted = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0", "2001:db8::/32"];
  const cidrs = sorted.toReversed().map((text) => parseCidr(text)!);
  expect(cidrs.sort(compareCidrs).map(({ text }) => text)).toEqual(sorted);
});
