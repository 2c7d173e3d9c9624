import { type FieldType, fieldTypes, isMaskType, isRangeType } from "./field.ts";
import type { Field, Statement } from "./rule.ts";

/**
 * Bytes of a rule's expressions on the netlink socket (linux/netfilter/nf_tables.h): every attribute has a header of 4
 * bytes and is padded to 4. Where nft has a choice, the largest form counts.
 */

const ATTRIBUTE = 4;
/** An attribute with a number of up to 4 bytes. */
const NUMBER = 8;

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** An attribute with a text and its terminator. */
export function textSize(text: string): number {
  return ATTRIBUTE + padded(text.length + 1);
}

function valueSize(type: FieldType): number {
  return type === "ipv6_addr" || type === "ifname" ? 16 : 4;
}

/** A nest with the concatenated values. */
export function dataSize(types: readonly FieldType[]): number {
  return 2 * ATTRIBUTE + types.reduce((sum, type) => sum + valueSize(type), 0);
}

/** A nest with a verdict's code and chain. */
export function verdictSize(chain: string | undefined): number {
  return 2 * ATTRIBUTE + NUMBER + (chain === undefined ? 0 : textSize(chain));
}

/** The list element, name and nest around an expression's attributes. */
function expression(name: string, attributes: number): number {
  return ATTRIBUTE + textSize(name) + ATTRIBUTE + attributes;
}

const META = expression("meta", 2 * NUMBER);
const CONNTRACK = expression("ct", 3 * NUMBER);
const PAYLOAD = expression("payload", 4 * NUMBER);
const COUNTER = expression("counter", 24);

function compare(types: readonly FieldType[]): number {
  return expression("cmp", 2 * NUMBER + dataSize(types));
}

function bitwise(types: readonly FieldType[]): number {
  return expression("bitwise", 4 * NUMBER + 2 * dataSize(types));
}

function lookup(set: string): number {
  return expression("lookup", textSize(set) + 4 * NUMBER);
}

/** Messages that make an anonymous set and begin its list of elements. */
function anonymousSet(fields: number): number {
  return 260 + 12 * fields;
}

/** One key, and the end of its range where it has one. */
function keySize(types: readonly FieldType[], ranged: boolean): number {
  return ATTRIBUTE + dataSize(types) * (ranged && types.length > 1 ? 2 : 1) + NUMBER;
}

/** The protocol that must be known before a field can be read. */
function dependency(field: Field): string | undefined {
  if (field.startsWith("ip ") || field.startsWith("ip6 ")) return "network";
  return /^(tcp|udp|sctp) /.test(field) ? "transport" : undefined;
}

/** Sizes of a rule's statements in turn: what a protocol match has established once is not matched again. */
export class RuleSizer {
  readonly #known = new Set<string>();

  size(statement: Statement): number {
    switch (statement.kind) {
      case "match":
        return this.#fields(statement.fields) + this.#values(statement.fields, statement.values);
      case "lookup":
        return this.#fields(statement.fields) + lookup(statement.set);
      case "vmap":
        return this.#fields(statement.fields) + lookup(statement.map);
      case "flags":
        return this.#fields(["tcp dport"]) + bitwise(["inet_proto"]) + compare(["inet_proto"]);
      case "update":
        return (
          this.#fields(statement.fields) +
          expression("dynset", textSize(statement.set) + 4 * NUMBER + ATTRIBUTE + COUNTER)
        );
      case "counter":
        return COUNTER;
      case "limit":
        return expression("limit", 24 + 3 * NUMBER);
      case "log":
        return expression("log", textSize(statement.prefix ?? "") + 3 * NUMBER);
      case "dnat":
        return this.#dnat(statement);
      case "masquerade":
        return expression("masq", 3 * NUMBER);
      case "reject":
        return META + compare(["inet_proto"]) + expression("reject", 2 * NUMBER);
      case "verdict":
        return expression(
          "immediate",
          NUMBER + verdictSize("chain" in statement.verdict ? statement.verdict.chain : undefined),
        );
    }
  }

  #fields(fields: readonly Field[]): number {
    return fields.reduce((sum, field) => sum + this.#field(field), 0);
  }

  #field(field: Field): number {
    if (field.startsWith("meta ")) return META;
    if (field.startsWith("ct ")) return CONNTRACK;
    // Its protocol, and the family that the protocol belongs to.
    if (field === "icmpv6 type") return 2 * (META + compare(["inet_proto"])) + PAYLOAD;
    const needed = dependency(field);
    if (needed === undefined || this.#known.has(needed)) return PAYLOAD;
    this.#known.add(needed);
    return META + compare(["inet_proto"]) + PAYLOAD;
  }

  #values(fields: readonly Field[], values: readonly (readonly string[])[]): number {
    const types = fields.map((field) => fieldTypes[field]);
    const ranged = values.some((value) => value.some((text) => /[/-]/.test(text)));
    const [type] = types;
    if (types.length === 1 && (values.length === 1 || (type && isMaskType(type)))) {
      if (ranged) return bitwise(types) + 2 * compare(types);
      return compare(types) + (type && isMaskType(type) ? bitwise(types) : 0);
    }
    // A plain interval set writes the end of each range as an element of its own, and one for what is below the first.
    const ends = types.length === 1 && ranged && types.every(isRangeType) ? 2 : 1;
    return (
      lookup("__set00") + anonymousSet(types.length) + (ends * values.length + ends) * keySize(types, ranged)
    );
  }

  #dnat({ family, to }: Extract<Statement, { kind: "dnat" }>): number {
    const address: FieldType = family === "ip" ? "ipv4_addr" : "ipv6_addr";
    const nat = META + compare(["inet_proto"]) + expression("nat", 7 * NUMBER);
    if (to.length === 1) return nat + 2 * expression("immediate", NUMBER + dataSize([address]));
    const endpoint = keySize(["mark"], false) + dataSize([address, "inet_service"]);
    return (
      nat + expression("numgen", 4 * NUMBER) + lookup("__map00") + anonymousSet(2) + to.length * endpoint
    );
  }
}
