import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrFromValue, parseCidr } from "./cidr.ts";
import { type LegacyCidrProblem, parseLegacyCidr } from "./legacy-cidr.ts";

test.each<[string, string, LegacyCidrProblem | undefined]>([
  ["10.0.0.0/8", "10.0.0.0/8", undefined],
  ["2001:DB8::/32", "2001:db8::/32", undefined],
  ["0001::/16", "1::/16", undefined],
  ["10.0.0.1/8", "10.0.0.0/8", "host-bits"],
  ["010.0.0.1/8", "10.0.0.0/8", "leading-zeros"],
  ["10.0.0.000000/8", "10.0.0.0/8", "leading-zeros"],
  ["10.0.0.0/008", "10.0.0.0/8", "leading-zeros"],
  ["00001::/16", "1::/16", "leading-zeros"],
  ["::ffff:10.0.0.1/104", "10.0.0.0/8", "ipv4-mapped"],
  ["::ffff:a00:0/96", "0.0.0.0/0", "ipv4-mapped"],
  ["::ffff:10.0.0.1/95", "::fffe:0:0/95", "ipv4-mapped"],
])("%s means %s", (text, meaning, problem) => {
  expect(parseLegacyCidr(text)).toMatchObject({ cidr: { text: meaning } });
  expect(parseLegacyCidr(text)?.problem).toBe(problem);
});

test.each([
  "",
  "10.0.0.0",
  "10.0.0/8",
  "10.0.0.256/8",
  "10.0.0.0/33",
  "::/129",
  "::/-1",
  "1:::/8",
  "x/8",
  "10.0.0.0/8 ",
  "0x10.0.0.0/8",
])("%j means nothing", (text) => {
  expect(parseLegacyCidr(text)).toBeUndefined();
});

test("agrees with the strict parser wherever that takes a prefix", () => {
  const value = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 128 }), fc.boolean(), (bits, prefix, short) => {
      const cidr = short
        ? cidrFromValue(4, bits & 0xffffffffn, Math.min(prefix, 32))
        : cidrFromValue(6, bits, prefix);
      fc.pre(parseCidr(cidr.text) !== undefined);
      expect(parseLegacyCidr(cidr.text)).toEqual({ cidr, writtenPrefix: cidr.prefix });
    }),
  );
});
