import { parseCidr } from "@portcullis/engine";
import { FakeNft, type SetRef, tableDifference } from "@portcullis/nft";
import { beforeEach, expect, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { names, table } from "./names.ts";
import { readInParts } from "./read-table.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";

/** Notes which sets are read, and what was the most at one go. */
class CountingNft extends FakeNft {
  readonly reads: string[] = [];
  wholes = 0;

  override async listElements(ref: typeof table, objects: readonly SetRef[]) {
    this.reads.push(...objects.map(({ name }) => name));
    return await super.listElements(ref, objects);
  }

  override async list(ref: typeof table) {
    this.wholes += 1;
    return await super.list(ref);
  }
}

let nft: CountingNft;

beforeEach(async () => {
  nft = new CountingNft();
  const connections = { list: async () => [], cut: async () => {} };
  const dataplane = new Dataplane({ nft, connections, podCidrs: [parseCidr("10.244.1.0/24")!] });
  await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
});

test("what is as it should be becomes the objects that are held already, each read once, and none with others", async () => {
  const likely = (await nft.list(table))!;
  nft.wholes = 0;
  const found = (await readInParts(nft, likely))!;
  expect(tableDifference(found, likely)).toEqual([]);
  const filled = [...likely.sets.values()].filter(({ dynamic }) => !dynamic);
  expect(filled.length).toBeGreaterThan(0);
  for (const set of filled) expect(found.sets.get(set.name)).toBe(set);
  for (const map of likely.maps.values()) expect(found.maps.get(map.name)).toBe(map);
  expect([...found.chains.keys()]).toEqual([...likely.chains.keys()]);
  expect(nft.reads.toSorted()).toEqual([...filled, ...likely.maps.values()].map(({ name }) => name).sort());
  expect(nft.wholes).toBe(0);
});

test("what is otherwise is what was found: an element more, one less, a set that nobody expects", async () => {
  const likely = (await nft.list(table))!;
  const local = likely.sets.get(names.local[4])!;
  const [gone] = local.elements.values();
  const more = { ...local, name: "more" };
  await nft.run({
    table,
    operations: [
      { op: "delete elements", set: local, elements: [gone!] },
      { op: "add elements", set: local, elements: [{ key: ["10.244.1.99"] }] },
      { op: "add set", set: more },
    ],
  });
  const found = (await readInParts(nft, likely))!;
  expect(tableDifference(found, (await nft.list(table))!)).toEqual([]);
  expect(tableDifference(found, likely)).toEqual([
    "set more is unexpected",
    `set ${local.name}: unexpected element 10.244.1.99`,
    `set ${local.name}: element ${gone!.key} is missing`,
  ]);
  expect(found.sets.get("more")!.elements.size).toBe(local.elements.size);
});

test("no table is none; one that goes meanwhile has nothing in its sets", async () => {
  const likely = (await nft.list(table))!;
  nft.listElements = async () => new Map();
  const emptied = (await readInParts(nft, likely))!;
  expect(
    [...emptied.sets.values(), ...emptied.maps.values()].every(({ elements }) => elements.size === 0),
  ).toBe(true);
  expect(await readInParts(new FakeNft(), likely)).toBeUndefined();
});
