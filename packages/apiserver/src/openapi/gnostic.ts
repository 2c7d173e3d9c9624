import { isRecord } from "../json.ts";

/**
 * A message of gnostic's OpenAPIv2.proto: for each key of the JSON document the field's number and what it holds: string,
 * bool, strings (repeated), or a message; `[]` before a message for a list, `Named<…>` for an object whose entries are
 * messages of a name and a value, `Wrapped<…>` for a message with nothing but that in its first field.
 */
type MessageTable = Readonly<Record<string, readonly [number, string]>>;

/** Where `x-…` keys go: a list of named Any. */
const vendor = "x-";

const messages: Readonly<Record<string, MessageTable>> = {
  Document: {
    swagger: [1, "string"],
    info: [2, "Info"],
    paths: [8, "Paths"],
    definitions: [9, "Named<Schema>"],
  },
  Info: { title: [1, "string"], version: [2, "string"] },
  PathItem: {
    get: [2, "Operation"],
    put: [3, "Operation"],
    post: [4, "Operation"],
    delete: [5, "Operation"],
    patch: [8, "Operation"],
    parameters: [9, "[]ParametersItem"],
  },
  Operation: {
    produces: [6, "strings"],
    consumes: [7, "strings"],
    parameters: [8, "[]ParametersItem"],
    responses: [9, "Named<ResponseValue>"],
    [vendor]: [13, "Any"],
  },
  BodyParameter: { name: [2, "string"], in: [3, "string"], required: [4, "bool"], schema: [5, "Schema"] },
  QueryParameter: { required: [1, "bool"], in: [2, "string"], name: [4, "string"], type: [6, "string"] },
  PathParameter: { required: [1, "bool"], in: [2, "string"], name: [4, "string"], type: [5, "string"] },
  Response: { description: [1, "string"], schema: [2, "Wrapped<Schema>"] },
  Schema: {
    $ref: [1, "string"],
    format: [2, "string"],
    description: [4, "string"],
    required: [19, "strings"],
    additionalProperties: [21, "Wrapped<Schema>"],
    type: [22, "Wrapped<string>"],
    items: [23, "Wrapped<Schema>"],
    properties: [25, "Named<Schema>"],
    [vendor]: [31, "Any"],
  },
};

/** Writes an OpenAPI 2 document in the protobuf that kubectl up to 1.28 reads (gnostic, OpenAPIv2.proto). */
export function encodeGnostic(document: Readonly<Record<string, unknown>>): Buffer {
  return encodeMessage("Document", document);
}

function encodeMessage(name: string, value: Readonly<Record<string, unknown>>): Buffer {
  const table = messages[name] ?? {};
  const parts = Object.entries(value).map(([key, each]) => {
    const known = Object.hasOwn(table, key) ? table[key] : undefined;
    if (known !== undefined) return encodeField(known[0], known[1], each);
    const extension = key.startsWith(vendor) ? table[vendor] : undefined;
    return extension === undefined ? nothing : bytesField(extension[0], named(key, anyOf(each)));
  });
  return Buffer.concat(parts);
}

const nothing = Buffer.alloc(0);

function encodeField(number: number, type: string, value: unknown): Buffer {
  if (type === "string") return bytesField(number, Buffer.from(String(value), "utf8"));
  if (type === "bool") return Buffer.concat([varint(number * 8), varint(value === true ? 1 : 0)]);
  if (type === "strings")
    return Buffer.concat(listOf(value).map((each) => encodeField(number, "string", each)));
  if (type.startsWith("[]"))
    return Buffer.concat(listOf(value).map((each) => bytesField(number, encodeValue(type.slice(2), each))));
  return bytesField(number, encodeValue(type, value));
}

function encodeValue(type: string, value: unknown): Buffer {
  const record = isRecord(value) ? value : {};
  const [, generic, inner = ""] = /^(\w+)<(\w+)>$/.exec(type) ?? [];
  // TypeItem, ItemsItem, AdditionalPropertiesItem and SchemaItem have what they are about in their first field.
  if (generic === "Wrapped") return encodeField(1, inner, value);
  if (generic === "Named") return entries(record, 1, inner);
  switch (type) {
    case "Paths":
      return entries(record, 2, "PathItem");
    case "ResponseValue":
      return encodeField(1, "Response", record);
    case "ParametersItem":
      return encodeField(1, "Parameter", record);
    case "Parameter":
      return record.in === "body"
        ? encodeField(1, "BodyParameter", record)
        : encodeField(2, "NonBodyParameter", record);
    case "NonBodyParameter":
      return record.in === "query"
        ? encodeField(3, "QueryParameter", record)
        : encodeField(4, "PathParameter", record);
    default:
      return encodeMessage(type, record);
  }
}

/** An object as a list of messages of a name and a value. */
function entries(record: Readonly<Record<string, unknown>>, number: number, type: string): Buffer {
  const parts = Object.entries(record).map(([key, value]) =>
    bytesField(number, named(key, encodeValue(type, value))),
  );
  return Buffer.concat(parts);
}

function named(name: string, value: Buffer): Buffer {
  return Buffer.concat([bytesField(1, Buffer.from(name, "utf8")), bytesField(2, value)]);
}

/** Any has YAML in its second field, and JSON is YAML. */
function anyOf(value: unknown): Buffer {
  return bytesField(2, Buffer.from(JSON.stringify(value), "utf8"));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
