import { asList, asRecord, asString, isRecord } from "../json.ts";
import type { Schema } from "./schema.ts";

/**
 * The shape that a CustomResourceDefinition's `openAPIV3Schema` gives (apiextensions.k8s.io/v1, structural schemas). Rules
 * for values (`pattern`, `minimum`, …) are for validation and left out.
 */
export function structuralSchema(json: unknown): Schema {
  const source = asRecord(json);
  const shape = source["x-kubernetes-int-or-string"] === true ? intOrString : shapeOf(source);
  return {
    ...shape,
    ...(typeof source.description === "string" ? { description: source.description } : {}),
    ...(source.nullable === true ? { nullable: true } : {}),
    ...(source["x-kubernetes-preserve-unknown-fields"] === true ? { preserveUnknownFields: true } : {}),
    ...merging(source),
  };
}

const intOrString: Schema = { type: "string", format: "int-or-string" };

const types = ["object", "array", "string", "integer", "number", "boolean"] as const;

function shapeOf(source: Readonly<Record<string, unknown>>): Schema {
  const type = types.find((each) => each === source.type);
  switch (type) {
    case undefined:
      return {};
    case "object":
      return objectShape(source);
    case "array":
      return { type, items: structuralSchema(source.items) };
    case "integer":
      return { type, format: source.format === "int32" ? "int32" : "int64" };
    default:
      return { type };
  }
}

function objectShape(source: Readonly<Record<string, unknown>>): Schema {
  const { properties, additionalProperties, required } = source;
  const fields = Object.entries(asRecord(properties)).map(
    ([name, each]) => [name, structuralSchema(each)] as const,
  );
  const embedded = source["x-kubernetes-embedded-resource"] === true ? embeddedFields : {};
  return {
    type: "object",
    properties: { ...embedded, ...Object.fromEntries(fields) },
    ...(additionalProperties === true ? { preserveUnknownFields: true } : {}),
    ...(isRecord(additionalProperties)
      ? { additionalProperties: structuralSchema(additionalProperties) }
      : {}),
    ...(Array.isArray(required) ? { required: required.map(asString) } : {}),
  };
}

/** What every object in an object has besides what its schema says. */
const embeddedFields: Readonly<Record<string, Schema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object", preserveUnknownFields: true },
};

function merging(source: Readonly<Record<string, unknown>>): Schema {
  const listType = (["atomic", "set", "map"] as const).find(
    (each) => each === source["x-kubernetes-list-type"],
  );
  const keys = asList(source["x-kubernetes-list-map-keys"]).map(asString);
  return {
    ...(listType === undefined ? {} : { listType }),
    ...(keys.length === 0 ? {} : { listMapKeys: keys }),
    ...(source["x-kubernetes-map-type"] === "atomic" ? { mapType: "atomic" } : {}),
  };
}
