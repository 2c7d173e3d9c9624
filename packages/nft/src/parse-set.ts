import { parseDuration } from "./parse-duration.ts";
import { parseElements } from "./parse-elements.ts";
import type { Reader } from "./reader.ts";
import type { Datatype, Element, MapElement, NftMap, NftSet } from "./set.ts";

const datatypes: ReadonlySet<string> = new Set<Datatype>([
  "ipv4_addr",
  "ipv6_addr",
  "inet_proto",
  "inet_service",
  "mark",
  "ifname",
]);

function parseTypes(reader: Reader): Datatype[] {
  const types: Datatype[] = [];
  do {
    const type = reader.word("a type");
    if (!datatypes.has(type)) reader.fail(`type ${type} is not one we use`);
    types.push(type as Datatype);
  } while (reader.accept("."));
  return types;
}

interface Body {
  key: Datatype[];
  value?: "verdict" | Datatype[];
  flags: Set<string>;
  timeout?: number;
  size?: number;
  elements: Map<string, Element | MapElement>;
}

function parseTimeout(reader: Reader): number {
  const text = reader.word("a duration");
  return parseDuration(text) ?? reader.fail(`${JSON.stringify(text)} is no duration`);
}

function parseFlags(reader: Reader): Set<string> {
  const flags = new Set<string>();
  do {
    const flag = reader.word("a flag");
    if (!["interval", "dynamic", "timeout"].includes(flag)) reader.fail(`flag ${flag} is not one we use`);
    flags.add(flag);
  } while (reader.accept(","));
  return flags;
}

function parseBody(reader: Reader): Body {
  const body: Body = { key: [], flags: new Set(), elements: new Map() };
  reader.expect("{");
  for (reader.skipLineBreaks(); !reader.accept("}"); reader.skipLineBreaks()) {
    if (reader.accept("type")) {
      body.key = parseTypes(reader);
      if (reader.accept(":")) body.value = reader.accept("verdict") ? "verdict" : parseTypes(reader);
    } else if (reader.accept("size")) body.size = reader.number("a size");
    else if (reader.accept("timeout")) body.timeout = parseTimeout(reader);
    else if (reader.accept("flags")) body.flags = parseFlags(reader);
    else if (reader.accept("elements")) {
      reader.expect("=");
      body.elements = parseElements(reader, body);
    } else reader.fail("not a property of a set that we use");
  }
  return body;
}

/** Reads `NAME { … }` after the word `set`. */
export function parseSet(reader: Reader): NftSet {
  const name = reader.word("a set's name");
  const { key, value, flags, timeout, size, elements } = parseBody(reader);
  if (value) reader.fail(`set ${name} has values`);
  return {
    name,
    key,
    ...(flags.has("interval") ? { interval: true } : {}),
    ...(flags.has("dynamic") ? { dynamic: true } : {}),
    ...(timeout === undefined ? {} : { timeout }),
    ...(size === undefined ? {} : { size }),
    elements,
  };
}

/** Reads `NAME { … }` after the word `map`. */
export function parseMap(reader: Reader): NftMap {
  const name = reader.word("a map's name");
  const { key, value, elements } = parseBody(reader);
  if (!value) return reader.fail(`map ${name} has no values`);
  return { name, key, value, elements: elements as Map<string, MapElement> };
}
