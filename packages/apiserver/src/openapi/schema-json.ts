import type { Schema } from "../schema/schema.ts";
import { type Definition, formatDefinitions } from "./definitions.ts";

export type Json = Readonly<Record<string, unknown>>;

/** How a version of OpenAPI refers to a definition, from a field that may say more of it. */
export interface Dialect {
  reference(name: string, beside: Json): Json;
  /** Quantity, IntOrString and Time. */
  readonly special: Readonly<Record<string, Json>>;
}

const quantity = "Quantity is a number with a suffix: 500m, 1.5Gi.";
const intOrString = "IntOrString is a number or a text, such as the number or the name of a port.";
const time = "Time is a point in time as RFC 3339 has it.";

const names = formatDefinitions as { quantity: string; "int-or-string": string; "date-time": string };

/** OpenAPI 2: a reference has nothing beside it that counts but its description. */
export const v2: Dialect = {
  reference: (name, beside) => ({ ...beside, $ref: `#/definitions/${name}` }),
  special: {
    [names.quantity]: { description: quantity, type: "string" },
    [names["int-or-string"]]: { description: intOrString, type: "string", format: "int-or-string" },
    [names["date-time"]]: { description: time, type: "string", format: "date-time" },
  },
};

/** OpenAPI 3.0: nothing may stand beside a reference, so it is wrapped. */
export const v3: Dialect = {
  reference: (name, beside) => ({ ...beside, allOf: [{ $ref: `#/components/schemas/${name}` }] }),
  special: {
    [names.quantity]: { description: quantity, oneOf: [{ type: "string" }, { type: "number" }] },
    [names["int-or-string"]]: {
      description: intOrString,
      format: "int-or-string",
      oneOf: [{ type: "integer" }, { type: "string" }],
    },
    [names["date-time"]]: { description: time, type: "string", format: "date-time" },
  },
};

/** A definition with the kind that it is. */
export function definitionJson({ schema, kind }: Definition, dialect: Dialect): Json {
  const json = schemaJson(schema, dialect);
  return kind === undefined ? json : { ...json, "x-kubernetes-group-version-kind": [kind] };
}

function schemaJson(schema: Schema, dialect: Dialect): Json {
  const { ref, type, format, properties, required, additionalProperties, items } = schema;
  const beside = {
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...extensions(schema),
  };
  const special = format === undefined ? undefined : formatDefinitions[format];
  const reference = ref ?? special;
  if (reference !== undefined) return dialect.reference(reference, beside);
  return {
    ...beside,
    ...(type === undefined ? {} : { type }),
    ...(format === undefined ? {} : { format }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, schemaJson(each, dialect)]),
          ),
        }),
    ...(required === undefined ? {} : { required }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: schemaJson(additionalProperties, dialect) }),
    ...(items === undefined ? {} : { items: schemaJson(items, dialect) }),
  };
}

function extensions(schema: Schema): Json {
  const { patchStrategy, patchMergeKey, listType, listMapKeys, mapType, preserveUnknownFields } = schema;
  return {
    ...(patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": patchStrategy.join(",") }),
    ...(patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": patchMergeKey }),
    ...(listType === undefined ? {} : { "x-kubernetes-list-type": listType }),
    ...(listMapKeys === undefined ? {} : { "x-kubernetes-list-map-keys": listMapKeys }),
    ...(mapType === undefined ? {} : { "x-kubernetes-map-type": mapType }),
    ...(preserveUnknownFields === true ? { "x-kubernetes-preserve-unknown-fields": true } : {}),
  };
}
