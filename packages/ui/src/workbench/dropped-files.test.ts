import { expect, test } from "vitest";
import { isOfLines, mostBytes, mostFiles, readDropped } from "./dropped-files.ts";

const file = (path: string, text = "a: 1", size = text.length) => ({ path, size, text: async () => text });

test("YAML and JSON of a folder are opened under their paths, and all else is passed over", async () => {
  const given = [
    file("shop/a.yaml"),
    file("shop/b.YML"),
    file("shop/c.json"),
    file("shop/README.md"),
    file("shop/node_modules/x.yaml"),
  ];
  const { files, refused } = await readDropped(given);
  expect(files.map((each) => each.file)).toEqual(["shop/a.yaml", "shop/b.YML", "shop/c.json"]);
  expect(refused).toEqual([]);
});

test("what cannot be opened is said, and the rest is", async () => {
  expect((await readDropped([file("a.png")])).refused).toEqual([
    "a.png is neither YAML nor JSON by its name",
  ]);
  expect((await readDropped([file("a.png"), file("b.png")])).refused).toEqual([
    "none of these files is YAML or JSON",
  ]);
  expect(await readDropped([file("a.yaml", "\u0000"), file("b.yaml")])).toEqual({
    files: [{ file: "b.yaml", text: "a: 1" }],
    refused: ["a.yaml is no text"],
  });
  const large = await readDropped([file("a.yaml"), file("b.yaml", "x", mostBytes), file("c.yaml")]);
  expect(large.files.map((each) => each.file)).toEqual(["a.yaml"]);
  expect(large.refused).toEqual(["b.yaml and what follows: more than 24 MB in all"]);
  const many = await readDropped(Array.from({ length: mostFiles + 1 }, (_, at) => file(`${at}.yaml`)));
  expect(many.files).toHaveLength(mostFiles);
  expect(many.refused).toHaveLength(1);
  expect(await readDropped([])).toEqual({ files: [], refused: [] });
});

test.each([
  ["flows.jsonl", true],
  ["run/flows.NDJSON", true],
  ["agent.log", true],
  ["repository/build.log", false],
  ["flows.json", false],
])("%s holds records by its name: %s", (path, expected) => {
  expect(isOfLines({ path })).toBe(expected);
});
