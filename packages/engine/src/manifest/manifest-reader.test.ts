import { expect, test } from "vitest";
import { ManifestReader, readManifests } from "./read-manifest.ts";

const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
const file = (name: string, text: string) => ({ file: name, text });

test("a reader says what readManifests says, after every edit", () => {
  const reader = new ManifestReader();
  const states = [
    [file("a.yaml", namespace("one")), file("b.yaml", namespace("one"))],
    [file("a.yaml", namespace("one")), file("b.yaml", namespace("two"))],
    [file("b.yaml", namespace("two")), file("a.yaml", "kind: [")],
    [],
    [
      file("a.yaml", namespace("one")),
      file("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"),
    ],
  ];
  for (const files of states) expect(reader.read(files)).toEqual(readManifests(files));
});

test("what was not edited is the same object", () => {
  const reader = new ManifestReader();
  const [before] = reader.read([file("a.yaml", namespace("one")), file("b.yaml", namespace("two"))]).objects;
  const [after] = reader.read([file("a.yaml", namespace("one")), file("b.yaml", namespace("three"))]).objects;
  expect(after).toBe(before);
});
