import { fieldTypes, formatValue, isMaskType } from "./field.ts";
import { formatName } from "./name.ts";
import { tcpFlagBits } from "./numbers.ts";
import type { Field, Statement, Verdict } from "./rule.ts";
import { canonicalLogPrefix } from "./text.ts";

/** `accept`, `jump c_x`. */
export function formatVerdict(verdict: Verdict): string {
  return "chain" in verdict ? `${verdict.kind} ${formatName(verdict.chain)}` : verdict.kind;
}

function formatField(field: Field): string {
  return /^meta [io]if/.test(field) ? field.slice("meta ".length) : field;
}

function formatFields(fields: readonly Field[]): string {
  if (fields.length === 0) throw new Error("a match without fields");
  return fields.map(formatField).join(" . ");
}

function formatMatch(statement: Extract<Statement, { kind: "match" }>): string {
  const { fields, not, values } = statement;
  if (values.length === 0) throw new Error(`a match of ${fields.join(" . ")} without values`);
  const texts = values.map((value) => {
    if (value.length !== fields.length)
      throw new Error(`${value.join(" . ")} has not as many fields as ${fields.join(" . ")}`);
    return value.map((text, i) => formatValue(fieldTypes[fields[i] as Field], text)).join(" . ");
  });
  const left = `${formatFields(fields)}${not ? " !=" : ""}`;
  // A bit mask is one comparison, where a set would be a lookup; negated, nft 1.0.6 gets the mask wrong.
  const mask = fields.length === 1 && isMaskType(fieldTypes[fields[0] as Field]);
  if (mask && !not) return `${left} ${texts.join(",")}`;
  // nft refuses a concatenation compared with one value outside a set.
  const single = values.length === 1 && fields.length === 1;
  return single ? `${left} ${texts[0]}` : `${left} { ${texts.join(", ")} }`;
}

function flagBits(flags: readonly string[]): string {
  const bits = flags.reduce((sum, flag) => {
    const bit = tcpFlagBits.get(flag);
    if (bit === undefined) throw new Error(`not a TCP flag: ${JSON.stringify(flag)}`);
    return sum | bit;
  }, 0);
  return `0x${bits.toString(16)}`;
}

function formatDnat(statement: Extract<Statement, { kind: "dnat" }>): string {
  const { family, to } = statement;
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const [first] = to;
  if (!first) throw new Error("dnat to no endpoint");
  if (to.length === 1) {
    const address = formatValue(type, first.address);
    return `dnat ${family} to ${family === "ip" ? address : `[${address}]`}:${first.port}`;
  }
  const choices = to.map(({ address, port }, i) => `${i} : ${formatValue(type, address)} . ${port}`);
  return `dnat ${family} to numgen random mod ${to.length} map { ${choices.join(", ")} }`;
}

/**
 * A statement as nft 1.0.6 reads it.
 * @throws Error when it cannot be written (our bug).
 */
export function formatStatement(statement: Statement): string {
  switch (statement.kind) {
    case "match":
      return formatMatch(statement);
    case "lookup":
      return `${formatFields(statement.fields)}${statement.not ? " !=" : ""} @${formatName(statement.set)}`;
    case "flags":
      return `tcp flags & ${flagBits(statement.mask)} ${statement.not ? "!=" : "=="} ${flagBits(statement.value)}`;
    case "vmap":
      return `${formatFields(statement.fields)} vmap @${formatName(statement.map)}`;
    case "update": {
      const counter = statement.counter ? " counter" : "";
      return `update @${formatName(statement.set)} { ${formatFields(statement.fields)}${counter} }`;
    }
    case "counter": {
      const { value } = statement;
      return value ? `counter packets ${value.packets} bytes ${value.bytes}` : "counter";
    }
    case "limit": {
      const burst = statement.burst === undefined ? "" : ` burst ${statement.burst} packets`;
      return `limit rate ${statement.rate}/${statement.per}${burst}`;
    }
    case "log": {
      const prefix = statement.prefix ? ` prefix "${canonicalLogPrefix(statement.prefix)}"` : "";
      return `log${prefix} group ${statement.group}`;
    }
    case "dnat":
      return formatDnat(statement);
    case "masquerade":
      return "masquerade";
    case "reject":
      return `reject with ${statement.with}`;
    case "verdict":
      return formatVerdict(statement.verdict);
  }
}
