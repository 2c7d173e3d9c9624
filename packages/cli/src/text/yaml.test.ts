import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatYaml } from "./yaml.ts";

test("what kubectl reads as a number is quoted, also where YAML 1.1 does not", () => {
  expect(formatYaml({ a: "0o7", b: "1_0", c: "0x1" })).toBe('a: "0o7"\nb: "1_0"\nc: "0x1"\n');
});

test("is laid out as kubectl does", () => {
  const object = {
    apiVersion: "v1",
    metadata: { name: "web", labels: {}, annotations: { on: "yes", port: "80" }, uid: undefined },
    spec: { containers: [{ name: "a", args: ["-c", "x: y"], ports: [] }], n: 1, b: true, nothing: null },
  };
  expect(formatYaml(object)).toBe(`apiVersion: v1
metadata:
  name: web
  labels: {}
  annotations:
    "on": "yes"
    port: "80"
spec:
  containers:
  - name: a
    args:
    - -c
    - "x: y"
    ports: []
  "n": 1
  b: true
  nothing: null
`);
});

const seed = Number(process.env.SEED ?? 20261123);

test(`reads back as it was, in YAML 1.1 and 1.2 (seed ${seed})`, () => {
  const strings = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "y",
      "No",
      "null",
      "~",
      "1e3",
      "0x1",
      "1_000",
      "12:30",
      "2020-01-01",
      "- a",
      "a: b",
      "#",
      " x",
      "x ",
      "",
      ".",
      "=",
      "<<",
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      strings,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(
        // No Kubernetes object has a field or label named as YAML 1.1 names its merge key.
        strings.filter((key) => key !== "__proto__" && key !== "<<"),
        tie("tree"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(parse(formatYaml(value), { version: "1.2" })).toEqual(value);
      expect(parse(formatYaml(value), { version: "1.1", merge: false })).toEqual(value);
    }),
    { seed, numRuns: 500 },
  );
});
