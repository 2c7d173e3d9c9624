import { expect, it } from "vitest";
import { withSchemaDefaults } from "./schema-defaults.ts";
import { schemaErrors } from "./schema-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

const of = (spec: Fields) => ({ type: "object", properties: { spec } });

it.each<[Fields, unknown, string[]]>([
  [{ type: "string" }, "a", []],
  [{ type: "string" }, 5, ['spec: Invalid value: "integer": spec in body must be of type string: "integer"']],
  [
    { type: "integer" },
    1.5,
    ['spec: Invalid value: "number": spec in body must be of type integer: "number"'],
  ],
  [{ type: "number" }, 1, []],
  [{ type: "string" }, null, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
  [{ type: "string", nullable: true }, null, []],
  [{ type: "string", default: "x" }, null, []],
  [{ "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] }, "50%", []],
  [{ type: "string", enum: ["a", "b"] }, "c", ['spec: Unsupported value: "c": supported values: "a", "b"']],
  [
    { type: "integer", minimum: 1 },
    0,
    ["spec: Invalid value: 0: spec in body should be greater than or equal to 1"],
  ],
  [
    { type: "integer", maximum: 3 },
    4,
    ["spec: Invalid value: 4: spec in body should be less than or equal to 3"],
  ],
  [
    { type: "integer", minimum: 1, exclusiveMinimum: true },
    1,
    ["spec: Invalid value: 1: spec in body should be greater than 1"],
  ],
  [{ type: "integer", multipleOf: 5 }, 7, ["spec: Invalid value: 7: spec in body should be a multiple of 5"]],
  [
    { type: "string", pattern: "^[a-z]+$" },
    "A",
    ["spec: Invalid value: \"A\": spec in body should match '^[a-z]+$'"],
  ],
  [{ type: "string", pattern: "(?P<go>x)" }, "A", []],
  [
    { type: "string", minLength: 2 },
    "é",
    ['spec: Invalid value: "é": spec in body should be at least 2 chars long'],
  ],
  [{ type: "string", maxLength: 1 }, "ab", ["spec: Too long: may not be more than 1 byte"]],
  [{ type: "array", minItems: 1 }, [], ["spec: Invalid value: 0: spec in body should have at least 1 items"]],
  [{ type: "array", maxItems: 1 }, [1, 2], ["spec: Too many: 2: must have at most 1 item"]],
  [{ type: "object", maxProperties: 1 }, { a: 1, b: 2 }, ["spec: Too many: 2: must have at most 1 item"]],
  [{ type: "object", required: ["a"] }, {}, ["spec.a: Required value"]],
  [{ type: "object", required: ["a"], properties: { a: { default: 1 } } }, {}, []],
  [
    { type: "array", items: { type: "object", required: ["a"] } },
    [{ a: 1 }, {}],
    ["spec[1].a: Required value"],
  ],
  [
    { type: "object", additionalProperties: { type: "string" } },
    { a: "x", b: 1 },
    ['spec.b: Invalid value: "integer": spec.b in body must be of type string: "integer"'],
  ],
  [
    { type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { a: 1, b: 1 },
    [
      'spec: Invalid value: {"a":1,"b":1}: "spec" must validate one and only one schema (oneOf). Found 2 valid',
    ],
  ],
  [
    { type: "object", anyOf: [{ required: ["a"] }] },
    {},
    ['spec: Invalid value: {}: "spec" must validate at least one schema (anyOf)'],
  ],
  [
    { type: "object", not: { required: ["a"] } },
    { a: 1 },
    ['spec: Invalid value: {"a":1}: "spec" must not validate the schema (not)'],
  ],
])("%j: %j", (schema, value, expected) => {
  const errors = schemaErrors({ spec: value }, of(schema), "");
  expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual(expected);
});

it("defaults are filled from outside inwards, and nothing is overwritten", () => {
  const schema = of({
    type: "object",
    default: {},
    properties: {
      mode: { type: "string", default: "on" },
      note: { type: "string", nullable: true, default: "none" },
      list: { type: "array", items: { type: "object", properties: { n: { default: 1 } } } },
      map: { type: "object", additionalProperties: { type: "object", properties: { n: { default: 1 } } } },
    },
  });
  expect(withSchemaDefaults({}, schema)).toEqual({ spec: { mode: "on", note: "none" } });
  const given = { spec: { mode: null, note: null, list: [{}, { n: 2 }], map: { a: {} } } };
  const filled = { spec: { mode: "on", note: null, list: [{ n: 1 }, { n: 2 }], map: { a: { n: 1 } } } };
  expect(withSchemaDefaults(given, schema)).toEqual(filled);
  expect(withSchemaDefaults(filled, schema)).toEqual(filled);
});
