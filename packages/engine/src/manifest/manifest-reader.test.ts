import fc from "fast-check";
import { expect, test } from "vitest";
import { ManifestReader, readManifests } from "./read-manifest.ts";

const seed = Number(process.env.SEED ?? 20261123);
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

test(`documents that move in their file keep their meaning, and say their new places (seed ${seed})`, () => {
  const reader = new ManifestReader();
  const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
`;
  const json = '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "j"}}\n';
  const documents = [
    policy,
    namespace("x"),
    "kind: [\n",
    namespace("-"),
    json,
    policy,
    "\ufeffa: 1\n",
    "",
    "#\n",
  ];
  const edit = fc.tuple(
    fc.array(fc.constantFrom(...documents), { maxLength: 6 }),
    fc.constantFrom("---\n", "--- # x\n", "\n---\n", "---x\n"),
  );
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (states) => {
      for (const [parts, separator] of states) {
        const files = [file("a.yaml", parts.join(separator))];
        expect(reader.read(files)).toEqual(readManifests(files));
      }
    }),
    { seed, numRuns: 40 },
  );
});
