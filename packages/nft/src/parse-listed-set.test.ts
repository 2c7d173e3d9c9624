import { expect, test } from "vitest";
import { formatTable } from "./format-table.ts";
import { parseListedSet } from "./parse-listed-set.ts";
import { parseTable } from "./parse-table.ts";
import { sampleTable } from "./sample-table.testing.ts";

const listing = (kind: string, lines: string) => `table inet t {\n\t${kind} s {\n${lines}\n\t}\n}\n`;
const drops = (elements: string) =>
  listing(
    "set",
    `\t\ttype ipv4_addr . ipv4_addr . inet_proto . inet_service\n\t\tsize 16384\n\t\tflags dynamic,timeout\n\t\ttimeout 300s\n\t\telements = { ${elements} }`,
  );

test("counted elements over several lines, with what is left of their time", () => {
  const text = drops(`10.0.0.1 . 10.0.0.2 . 6 . 80 counter packets 3 bytes 180 expires 4m59s996ms,
			     10.0.0.1 . 10.0.0.2 . 17 . 53 counter packets 1 bytes 60 expires 12s, 10.0.0.3 . 10.0.0.2 . 41 . 0 expires 1s`);
  const set = parseListedSet(text);
  expect([...(set?.elements.values() ?? [])]).toEqual([
    {
      key: ["10.0.0.1", "10.0.0.2", "tcp", "80"],
      counter: { packets: 3, bytes: 180 },
      expires: 299.996,
    },
    { key: ["10.0.0.1", "10.0.0.2", "udp", "53"], counter: { packets: 1, bytes: 60 }, expires: 12 },
    { key: ["10.0.0.3", "10.0.0.2", "41", "0"], expires: 1 },
  ]);
  expect(set).toEqual(parseTable(text).sets.get("s"));
});

test("every set and map of a table, as a listing of the whole table has it", () => {
  const table = sampleTable();
  const alone = { ...table, chains: new Map(), sets: new Map(), maps: new Map() };
  for (const [name, set] of table.sets)
    expect(parseListedSet(formatTable({ ...alone, sets: new Map([[name, set]]) }))).toEqual(set);
  for (const [name, map] of table.maps)
    expect(parseListedSet(formatTable({ ...alone, maps: new Map([[name, map]]) }))).toEqual(map);
});

test("none, and what is no element of ours", () => {
  expect(parseListedSet(listing("set", "\t\ttype ipv4_addr"))).toEqual({
    name: "s",
    key: ["ipv4_addr"],
    elements: new Map(),
  });
  for (const elements of [
    "10.0.0.1",
    "10.0.0.1 . x . 6 . 80",
    "10.0.0.1 . 10.0.0.2 . 6 . 80 comment 3s",
    "a, b",
  ])
    expect(() => parseListedSet(drops(elements))).toThrow(/line 7/);
  expect(() => parseListedSet("nft: a riddle")).toThrow();
});
