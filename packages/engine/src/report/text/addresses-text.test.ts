import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { type CidrBlock, subtractAndMerge } from "../../net/cidr-set.ts";
import { printedSeed } from "../../seed.testing.ts";
import { addressesText } from "./addresses-text.ts";

const cidr = (text: string): Cidr => parseCidr(text)!;
const set = (...blocks: readonly (readonly [string, ...string[]])[]) =>
  subtractAndMerge(blocks.map(([first, ...except]) => ({ cidr: cidr(first), except: except.map(cidr) })));

test.each([
  [set(["0.0.0.0/0"], ["::/0"]), "outside"],
  [set(["0.0.0.0/0"]), "0.0.0.0/0"],
  [set(["10.0.0.0/8", "10.1.0.0/16"]), "10.0.0.0/8 except 10.1.0.0/16"],
  [set(["0.0.0.0/0", "10.0.0.0/8"], ["::/0"]), "outside except 10.0.0.0/8"],
  [set(["0.0.0.0/0", "10.0.0.0/8"], ["::/0", "fd00::/8"]), "outside except 10.0.0.0/8,fd00::/8"],
  [set(["10.0.0.0/8", "10.1.0.0/16"], ["192.0.2.0/24"]), "192.0.2.0/24 and 10.0.0.0/8 except 10.1.0.0/16"],
  [set(["10.0.0.0/8", "10.1.0.0/16"], ["10.1.2.0/24"]), "10.1.2.0/24 and 10.0.0.0/8 except 10.1.0.0/16"],
  [set(["0.0.0.0/0", "10.0.0.0/8"], ["10.1.0.0/16"], ["::/0"]), "10.1.0.0/16 and outside except 10.0.0.0/8"],
  [set(["10.0.0.0/9"], ["2001:db8::/32"]), "10.0.0.0/9,2001:db8::/32"],
])("%#", (cidrs, expected) => {
  expect(addressesText(cidrs)).toBe(expected);
});

/** What a text says, as the fewest prefixes. */
function read(text: string): readonly Cidr[] {
  const whole = text.replace("outside", "0.0.0.0/0,::/0");
  const blocks = whole.split(" and ").flatMap((part): CidrBlock[] => {
    const [names, except] = part.split(" except ").map((list) => list.split(",").map(cidr));
    return names!.map((each) => ({ cidr: each, except: except ?? [] }));
  });
  return subtractAndMerge(blocks);
}

test("a text says exactly the set, in no more prefixes than the set has", () => {
  const seed = printedSeed("addresses-text");
  const prefix = fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 8 }))
      .map(([n, bits]) => cidr(`${n * 16}.0.0.0/${bits}`)),
    fc
      .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 12 }))
      .map(([n, bits]) => cidr(`${(n * 4096).toString(16)}::/${bits}`)),
  );
  const block = fc.record({ cidr: prefix, except: fc.array(prefix, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
      const cidrs = subtractAndMerge(blocks);
      fc.pre(cidrs.length > 0);
      const text = addressesText(cidrs);
      expect(read(text).map((each) => each.text)).toEqual(cidrs.map((each) => each.text));
      expect(text.match(/\//g)?.length ?? 0).toBeLessThanOrEqual(cidrs.length);
    }),
    { seed, numRuns: 500 },
  );
});
