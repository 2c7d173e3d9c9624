import { expect, test } from "vitest";
import { changeSince, deriveSet } from "./derived-set.ts";
import { FakeNft } from "./fake-nft.ts";
import { plan } from "./plan.ts";
import type { Element, NftSet } from "./set.ts";
import type { Table } from "./table.ts";

const element = (text: string): Element => ({ key: [text] });
const base: NftSet = {
  name: "s_peers",
  key: ["ipv4_addr"],
  elements: new Map(["10.0.0.1", "10.0.0.2"].map((text) => [text, element(text)])),
};

test("has what it was derived with, and leaves its base as it was", () => {
  const set = deriveSet(base, { added: [element("10.0.0.3")], removed: [element("10.0.0.1")] });
  expect([...set.elements.keys()]).toEqual(["10.0.0.2", "10.0.0.3"]);
  expect([...base.elements.keys()]).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(set).toMatchObject({ name: "s_peers", key: ["ipv4_addr"] });
});

test("knows its base and nobody else's", () => {
  const set = deriveSet(base, { added: [element("10.0.0.3")], removed: [] });
  expect(changeSince(base, set)).toMatchObject({ added: [element("10.0.0.3")], removed: [] });
  expect(changeSince({ ...base }, set)).toBeUndefined();
  expect(changeSince(set, base)).toBeUndefined();
});

test("is planned from its change alone: nobody reads all elements", () => {
  let reads = 0;
  const counted: NftSet = {
    name: base.name,
    key: base.key,
    get elements() {
      reads += 1;
      return base.elements;
    },
  };
  const set = deriveSet(counted, { added: [element("10.0.0.3")], removed: [element("10.0.0.1")] });
  reads = 0;
  expect(plan(tableWith(counted), tableWith(set)).flatMap(({ operations }) => operations)).toMatchObject([
    { op: "delete elements", elements: [element("10.0.0.1")] },
    { op: "add elements", elements: [element("10.0.0.3")] },
  ]);
  expect(reads).toBe(0);
});

test("a long line of descent ends in the same elements as one step, and so does the kernel", async () => {
  const nft = new FakeNft();
  let current: Table | undefined;
  let set = base;
  const expected = new Set(base.elements.keys());
  for (let i = 0; i < 1_500; i++) {
    const come = `10.1.${i >> 8}.${i & 255}`;
    const gone = i % 3 === 0 ? [...expected][0] : undefined;
    set = deriveSet(set, { added: [element(come)], removed: gone === undefined ? [] : [element(gone)] });
    expected.add(come);
    if (gone !== undefined) expected.delete(gone);
    const desired = tableWith(set);
    for (const transaction of plan(current, desired)) await nft.run(transaction);
    current = desired;
  }
  expect(new Set(set.elements.keys())).toEqual(expected);
  const actual = (await nft.listElements({ family: "inet", name: "t" }, [{ name: "s_peers" }])).get(
    "s_peers",
  );
  expect(new Set(actual?.elements.keys())).toEqual(expected);
});

function tableWith(set: NftSet): Table {
  return { family: "inet", name: "t", chains: new Map(), sets: new Map([[set.name, set]]), maps: new Map() };
}
