import { metaPackage } from "../schema/group-packages.ts";
import { type Field, messageOf } from "./go-types.ts";
import { readSpecial } from "./special-messages.ts";
import { MalformedProtobuf, WireReader, wireType } from "./wire.ts";

/** Reads a message as the JSON value that means the same. */
export function readMessage(name: string, bytes: Buffer): unknown {
  const special = readSpecial(name, bytes);
  if (special !== undefined) return special.value;
  const message = messageOf(name);
  if (message === undefined) throw new MalformedProtobuf(`an unknown message ${name}`);
  const values = new Map<string, unknown>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { field: number, wire } = reader.tag();
    const field = message.fields.get(number);
    if (field === undefined) reader.skip(wire);
    else readField(field, wire, reader, values);
  }
  if (message.bare) return values.get("items") ?? [];
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(
    [...values].map(([key, value]) => [key, value instanceof Map ? ofMap(value) : value]),
  );
}

function ofMap(map: ReadonlyMap<string, unknown>): unknown {
  return Object.fromEntries(map);
}

function readField(field: Field, wire: number, reader: WireReader, values: Map<string, unknown>): void {
  switch (field.shape) {
    case "list":
      append(values, field.name, readValue(field.type, wire, reader));
      return;
    case "map": {
      expect(wire, wireType.bytes, field);
      const { key, value } = readEntry(field.type, reader.bytes());
      const map = values.get(field.name) ?? new Map<string, unknown>();
      values.set(field.name, (map as Map<string, unknown>).set(key, value));
      return;
    }
    case "single": {
      const value = readValue(field.type, wire, reader);
      if (field.inline) inline(values, value);
      else if (field.keepZero ? value !== undefined : !isZero(value)) values.set(field.name, value);
    }
  }
}

function append(values: Map<string, unknown>, name: string, value: unknown): void {
  const list = values.get(name) as unknown[] | undefined;
  if (list === undefined) values.set(name, [value]);
  else list.push(value);
}

function inline(values: Map<string, unknown>, message: unknown): void {
  for (const [key, value] of Object.entries(message as object)) values.set(key, value);
}

/** Go leaves these out of JSON (omitempty); an empty struct is none of them. */
function isZero(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 || value === false;
}

/** An entry of a map is a message of a key and a value. */
function readEntry(type: string, bytes: Buffer): { key: string; value: unknown } {
  const reader = new WireReader(bytes);
  let key = "";
  let value: unknown;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1 && wire === wireType.bytes) key = reader.bytes().toString("utf8");
    else if (field === 2) value = readValue(type, wire, reader);
    else reader.skip(wire);
  }
  return { key, value: value ?? zeroOf(type) };
}

/** A scalar of a map's entry can be left out when it is zero. */
function zeroOf(type: string): unknown {
  switch (type) {
    case "string":
    case "bytes":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
      return 0;
    default:
      return readMessage(type, Buffer.alloc(0));
  }
}

function readValue(type: string, wire: number, reader: WireReader): unknown {
  switch (type) {
    case "string":
      return bytesOf(type, wire, reader).toString("utf8");
    case "bytes":
      return bytesOf(type, wire, reader).toString("base64");
    case "bool":
      return varintOf(type, wire, reader) !== 0n;
    case "int32":
      return Number(BigInt.asIntN(32, varintOf(type, wire, reader)));
    case "int64":
      return Number(BigInt.asIntN(64, varintOf(type, wire, reader)));
    default:
      return readMessage(type, bytesOf(type, wire, reader));
  }
}

function bytesOf(type: string, wire: number, reader: WireReader): Buffer {
  expect(wire, wireType.bytes, { type });
  return reader.bytes();
}

function varintOf(type: string, wire: number, reader: WireReader): bigint {
  expect(wire, wireType.varint, { type });
  return reader.varint();
}

function expect(wire: number, wanted: number, { type }: { readonly type: string }): void {
  if (wire !== wanted)
    throw new MalformedProtobuf(`wrong wireType = ${wire} for a field of type ${short(type)}`);
}

function short(type: string): string {
  return type.replace(`${metaPackage}.`, "").replace("io.k8s.api.", "");
}
