import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, addressFromValue, compareAddresses } from "./address.ts";
import { type AddressList, addressList } from "./address-list.ts";

/** The first thousands are IPv4. */
const addressOf = (number: number): Address =>
  number < 3_000 ? addressFromValue(4, BigInt(number)) : addressFromValue(6, 2n ** 64n + BigInt(number));
const textsOf = (list: Iterable<Address>) => [...list].map(({ text }) => text);

/** Lists of several pieces need many addresses: ranges of them, thinned out. */
const numbers = fc
  .array(fc.record({ from: fc.nat(5_000), count: fc.nat(1_500), step: fc.integer({ min: 1, max: 4 }) }), {
    maxLength: 4,
  })
  .map((ranges) =>
    ranges.flatMap(({ from, count, step }) => Array.from({ length: count }, (_, i) => from + i * step)),
  );
const few = fc.array(fc.nat(6_000), { maxLength: 6 });
const change = fc.record({ added: fc.oneof(few, numbers), removed: fc.oneof(few, numbers) });

function expectHolds(list: AddressList, model: ReadonlySet<number>): void {
  const sorted = [...model].sort((a, b) => a - b).map(addressOf);
  expect(textsOf(list)).toEqual(textsOf(sorted));
  expect(list.length).toBe(model.size);
}

describe("against a model that is a set of numbers", () => {
  test("a list has what was put in, in order, once", () => {
    fc.assert(
      fc.property(numbers, few, (all, asked) => {
        const list = addressList(all.map(addressOf).reverse());
        expectHolds(list, new Set(all));
        for (const number of [...asked, ...all.slice(0, 5)]) {
          expect(list.has(addressOf(number))).toBe(all.includes(number));
        }
        for (const family of [4, 6] as const) {
          expect(textsOf(list.ofFamily(family))).toEqual(
            textsOf([...list].filter((address) => address.family === family)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test("changes one after another end where a new list would; what tells two of them apart is told", () => {
    fc.assert(
      fc.property(numbers, fc.array(change, { maxLength: 8 }), fc.nat(7), (all, changes, since) => {
        const model = new Set(all);
        let list = addressList(all.map(addressOf));
        let [before, modelBefore] = [list, new Set(model)];
        for (const [i, { added, removed }] of changes.entries()) {
          if (i === since) [before, modelBefore] = [list, new Set(model)];
          list = list.with({ added: added.map(addressOf), removed: removed.map(addressOf) });
          for (const number of removed) model.delete(number);
          for (const number of added) model.add(number);
          expectHolds(list, model);
        }
        const told = list.changeSince(before);
        const ordered = (items: number[]) => items.sort((a, b) => a - b).map((n) => addressOf(n).text);
        expect(textsOf(told.added)).toEqual(ordered([...model].filter((n) => !modelBefore.has(n))));
        expect(textsOf(told.removed)).toEqual(ordered([...modelBefore].filter((n) => !model.has(n))));
      }),
      { numRuns: 60 },
    );
  });
});

test("a change that changes nothing gives the same list", () => {
  const list = addressList(Array.from({ length: 2_000 }, (_, i) => addressOf(2 * i)));
  expect(list.with({ added: [], removed: [] })).toBe(list);
  expect(list.with({ added: [addressOf(4)], removed: [addressOf(5)] })).toBe(list);
  expect(addressList().with({ added: [], removed: [addressOf(1)] }).length).toBe(0);
  expect(list.ofFamily(4).ofFamily(4)).toEqual(list.ofFamily(4));
});

test("a change of a large list looks at a small part of it, and so does who asks what changed", () => {
  let looks = 0;
  const watched = Array.from({ length: 50_000 }, (_, i): Address => {
    const address = addressFromValue(4, BigInt(2 * i));
    return {
      ...address,
      get value() {
        looks += 1;
        return address.value;
      },
    };
  });
  const list = addressList(watched);
  looks = 0;
  const next = list.with({ added: [addressFromValue(4, 50_001n)], removed: [watched[40_000]!] });
  expect(next.changeSince(list)).toEqual({
    added: [addressFromValue(4, 50_001n)],
    removed: [watched[40_000]],
  });
  expect(looks).toBeLessThan(5_000);
});

test("pieces stay few, however a list has grown and shrunk", () => {
  let list = addressList();
  for (let i = 0; i < 3_000; i++) list = list.with({ added: [addressOf((i * 1_777) % 3_000)], removed: [] });
  expect(list.length).toBe(3_000);
  for (let i = 0; i < 2_900; i++) list = list.with({ added: [], removed: [addressOf((i * 1_777) % 3_000)] });
  expect(textsOf(list)).toEqual(
    Array.from({ length: 100 }, (_, i) => addressOf(((i + 2_900) * 1_777) % 3_000))
      .sort(compareAddresses)
      .map(({ text }) => text),
  );
  // A hundred addresses are one piece: that of a family is found without a copy.
  expect(list.ofFamily(4)).toBe(list);
});
