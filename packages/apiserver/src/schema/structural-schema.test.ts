import { expect, it } from "vitest";
import { decodeFields } from "./decode.ts";
import { Schemas } from "./schemas.ts";
import { structuralSchema } from "./structural-schema.ts";

const openAPIV3Schema = {
  type: "object",
  description: "A widget.",
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1 },
        port: { "x-kubernetes-int-or-string": true },
        labels: { type: "object", additionalProperties: { type: "string" } },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        note: { type: "string", nullable: true },
        when: { type: "string", format: "date-time" },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: { spec: { type: "object", "x-kubernetes-map-type": "atomic" } },
        },
        ports: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["number"],
          items: { type: "object", properties: { number: { type: "integer", format: "int32" } } },
        },
      },
    },
  },
};

it("reads a structural schema", () => {
  expect(structuralSchema(openAPIV3Schema)).toEqual({
    type: "object",
    description: "A widget.",
    properties: {
      spec: {
        type: "object",
        required: ["size"],
        properties: {
          size: { type: "integer", format: "int64" },
          port: { type: "string", format: "int-or-string" },
          labels: { type: "object", properties: {}, additionalProperties: { type: "string" } },
          free: { type: "object", properties: {}, preserveUnknownFields: true },
          note: { type: "string", nullable: true },
          when: { type: "string" },
          template: {
            type: "object",
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object", preserveUnknownFields: true },
              spec: { type: "object", properties: {}, mapType: "atomic" },
            },
          },
          ports: {
            type: "array",
            listType: "map",
            listMapKeys: ["number"],
            items: { type: "object", properties: { number: { type: "integer", format: "int32" } } },
          },
        },
      },
    },
  });
});

it("takes what is no schema for any value", () => {
  for (const json of [undefined, null, 1, [], { type: "thing" }]) expect(structuralSchema(json)).toEqual({});
});

it("makes decoding prune, and leaves wrong types to validation", () => {
  const schemas = new Schemas();
  const widget = { group: "example.com", version: "v1", kind: "Widget" };
  schemas.add(widget.group, widget.version, widget.kind, structuralSchema(openAPIV3Schema));
  const spec = {
    size: "big",
    port: 80,
    labels: { a: "b" },
    free: { x: [1] },
    note: null,
    when: "now",
    ports: {},
  };
  const object = { metadata: { name: "a" }, spec: { ...spec, hue: "red" } };
  const { object: decoded, problems } = decodeFields(schemas, widget, object);
  expect(decoded).toEqual({ metadata: { name: "a" }, spec });
  expect(problems.map(({ message }) => message)).toEqual(['unknown field "spec.hue"']);
  expect(decodeFields(schemas, widget, { metadata: { labels: "x" } }).problems).toEqual([
    {
      path: "metadata.labels",
      message:
        "json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string",
      code: "wrong-type",
    },
  ]);
});
