import { fieldTypes } from "./field.ts";
import { tcpFlagVocabulary } from "./numbers.ts";
import { parseTuple } from "./parse-elements.ts";
import type { Reader } from "./reader.ts";
import type { Field, Statement } from "./rule.ts";

const families: ReadonlySet<string> = new Set([
  "ip",
  "ip6",
  "th",
  "tcp",
  "udp",
  "sctp",
  "icmpv6",
  "meta",
  "ct",
]);

function isField(text: string): text is Field {
  return Object.hasOwn(fieldTypes, text);
}

function peekField(reader: Reader): Field | undefined {
  const word = reader.peek();
  if (word === "iifname" || word === "oifname" || word === "oif") return `meta ${word}`;
  if (word === undefined || !families.has(word)) return undefined;
  const field = `${word} ${reader.peek(1)}`;
  return isField(field) ? field : undefined;
}

/** Reads `FIELD [. FIELD…]` if a field is next. */
export function parseFields(reader: Reader): Field[] | undefined {
  const fields: Field[] = [];
  do {
    const field = peekField(reader);
    if (!field) return fields.length > 0 ? reader.fail("expected a field") : undefined;
    // A meta field may stand without its first word.
    reader.accept(field.split(" ")[0] ?? "");
    reader.word("a field");
    fields.push(field);
  } while (reader.accept("."));
  return fields;
}

function parseValues(reader: Reader, fields: readonly Field[]): string[][] {
  const types = fields.map((field) => fieldTypes[field]);
  const values: string[][] = [];
  const braced = reader.accept("{");
  do {
    if (braced) reader.skipLineBreaks();
    values.push(parseTuple(reader, types));
    if (braced) reader.skipLineBreaks();
  } while (reader.accept(","));
  if (braced) reader.expect("}");
  return values;
}

/** Reads what follows the fields: a set, a verdict map or values. */
export function parseMatch(reader: Reader, fields: readonly Field[]): Statement {
  if (reader.accept("vmap")) return { kind: "vmap", fields, map: parseReference(reader) };
  const not = reader.accept("!=") ? ({ not: true } as const) : {};
  if (reader.peek()?.startsWith("@")) return { kind: "lookup", fields, ...not, set: parseReference(reader) };
  return { kind: "match", fields, ...not, values: parseValues(reader, fields) };
}

/** Reads `@NAME`. */
export function parseReference(reader: Reader): string {
  const word = reader.word("a set");
  return word.startsWith("@") ? word.slice(1) : reader.fail("expected @ and a set's name");
}

/** Reads `syn`, `syn,ack`, `(syn | ack)`, or a number of several bits, as names in alphabetical order. */
function parseFlagNames(reader: Reader): string[] {
  const names = new Set<string>();
  const closed = reader.accept("(");
  do {
    const word = reader.word("a TCP flag");
    const bits = tcpFlagVocabulary.number(word);
    if (bits === undefined || bits > 255) reader.fail(`${JSON.stringify(word)} is no TCP flag`);
    else
      for (let bit = 1; bit < 256; bit <<= 1)
        if (bits & bit) names.add(tcpFlagVocabulary.canonical(`${bit}`) ?? "");
  } while (reader.accept(",") || reader.accept("|"));
  if (closed) reader.expect(")");
  return [...names].sort();
}

/** Reads what follows `tcp flags`: `& MASK == VALUE`, `VALUE / MASK` or `! MASK`, each as nft prefers it. */
export function parseTcpFlags(reader: Reader): Statement {
  if (reader.accept("!")) return { kind: "flags", mask: parseFlagNames(reader), value: [] };
  if (reader.accept("&")) {
    const mask = parseFlagNames(reader);
    const not = reader.accept("!=");
    if (!not) reader.expect("==");
    const value = parseFlagNames(reader);
    return not ? { kind: "flags", mask, not: true, value } : { kind: "flags", mask, value };
  }
  const not = reader.accept("!=");
  const value = parseFlagNames(reader);
  if (!reader.accept("/")) {
    // Without a mask: any of these flags is set.
    if (not) return reader.fail("TCP flags compared without a mask");
    return { kind: "flags", mask: value, not: true, value: [] };
  }
  const mask = parseFlagNames(reader);
  return not ? { kind: "flags", mask, not: true, value } : { kind: "flags", mask, value };
}
