import { canonicalRule } from "./canonical-rule.ts";
import { type FieldType, fieldTypes, isRangeType } from "./field.ts";
import type { Field, Rule, Statement } from "./rule.ts";
import type { Element, ElementTypes, MapElement } from "./set.ts";
import type { Operation } from "./transaction.ts";

/**
 * Bytes that an object takes on the netlink socket, never less than the truth. Exact for elements; for rules the
 * largest form of each expression. Layout: linux/netfilter/nf_tables.h; every attribute has a header of 4 bytes and
 * is padded to 4.
 */

const ATTRIBUTE = 4;
/** Header of a message, with generation, table and object names of ordinary length. */
const MESSAGE = 96;

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function textSize(text: string): number {
  return ATTRIBUTE + padded(text.length + 1);
}

/** Size of one value in a set's key or data. */
function valueSize(type: FieldType): number {
  return type === "ipv6_addr" || type === "ifname" ? 16 : 4;
}

function dataSize(types: readonly FieldType[]): number {
  return 2 * ATTRIBUTE + types.reduce((sum, type) => sum + valueSize(type), 0);
}

/** Nest, data, code and chain of a verdict. */
function verdictSize(chain: string | undefined): number {
  return 2 * ATTRIBUTE + 8 + (chain === undefined ? 0 : textSize(chain));
}

/** One element of a named or anonymous set; with its range's end when a value is no plain one. */
export function elementSize(
  types: ElementTypes | { readonly key: readonly FieldType[] },
  element: Element | MapElement,
): number {
  const key = dataSize(types.key);
  const ranged = element.key.some((text) => text.includes("/") || text.includes("-"));
  const counter = element.counter ? 48 : 0;
  let value = 0;
  if ("value" in element) {
    if ("kind" in element.value)
      value = verdictSize("chain" in element.value ? element.value.chain : undefined);
    else if ("value" in types && types.value !== "verdict") value = dataSize(types.value ?? []);
  }
  return ATTRIBUTE + key + (ranged ? key : 0) + counter + value;
}

const EXPRESSION = { meta: 44, payload: 60, compare: 56, range: 72, lookup: 56, immediate: 44, bitwise: 84 };
const ANONYMOUS_SET = 2 * MESSAGE + 80;

/** Loading a field into a register, with the protocol matches that it needs first. */
function fieldSize(field: Field): number {
  const protocol = EXPRESSION.meta + EXPRESSION.compare;
  if (field.startsWith("meta ")) return EXPRESSION.meta;
  if (field.startsWith("ct ")) return EXPRESSION.meta;
  return protocol + EXPRESSION.payload;
}

function fieldsSize(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + fieldSize(field), 0);
}

function matchSize(fields: readonly Field[], values: readonly (readonly string[])[]): number {
  const types = fields.map((field) => fieldTypes[field]);
  if (fields.length === 1 && values.length === 1)
    return EXPRESSION.bitwise + EXPRESSION.range + 2 * dataSize(types);
  // A plain interval set writes the end of a range as an element of its own.
  const ranges = types.length === 1 && types.every(isRangeType) ? 2 : 1;
  const elements = values.reduce((sum, key) => sum + ranges * (elementSize({ key: types }, { key }) + 12), 0);
  return EXPRESSION.lookup + ANONYMOUS_SET + elements + 24;
}

function statementSize(statement: Statement): number {
  switch (statement.kind) {
    case "match":
      return fieldsSize(statement.fields) + matchSize(statement.fields, statement.values);
    case "lookup":
      return fieldsSize(statement.fields) + EXPRESSION.lookup + textSize(statement.set);
    case "vmap":
      return fieldsSize(statement.fields) + EXPRESSION.lookup + textSize(statement.map);
    case "flags":
      return fieldSize("tcp dport") + EXPRESSION.bitwise + EXPRESSION.compare;
    case "update":
      return fieldsSize(statement.fields) + EXPRESSION.lookup + textSize(statement.set) + 80;
    case "counter":
      return 52;
    case "limit":
      return 84;
    case "log":
      return 40 + textSize(statement.prefix ?? "") + 16;
    case "dnat":
      return (
        72 +
        2 * EXPRESSION.immediate +
        EXPRESSION.meta +
        EXPRESSION.lookup +
        ANONYMOUS_SET +
        statement.to.length * 64
      );
    case "masquerade":
      return 32;
    case "reject":
      return 44 + EXPRESSION.meta + EXPRESSION.compare;
    case "verdict":
      return (
        EXPRESSION.immediate + verdictSize("chain" in statement.verdict ? statement.verdict.chain : undefined)
      );
  }
}

/** One rule with its message. */
export function ruleSize(rule: Rule): number {
  const { statements, comment } = canonicalRule(rule);
  return (
    MESSAGE + statements.reduce((sum, s) => sum + statementSize(s), 0) + (comment ? 8 + textSize(comment) : 0)
  );
}

/** A message, with a further header for every 64 KiB of elements, as a list of attributes cannot be longer. */
export function elementsSize(types: ElementTypes, elements: Iterable<Element | MapElement>): number {
  let bytes = 0;
  for (const element of elements) bytes += elementSize(types, element);
  return bytes + MESSAGE * (1 + Math.ceil(bytes / 60_000));
}

/** What an operation adds to its transaction, in bytes. */
export function operationSize(operation: Operation): number {
  switch (operation.op) {
    case "add chain":
      return (
        2 * MESSAGE +
        operation.chain.name.length +
        operation.chain.rules.reduce((sum, rule) => sum + ruleSize(rule), 0)
      );
    case "add rules":
      return operation.rules.reduce((sum, rule) => sum + ruleSize(rule), 0);
    case "add set":
      return (
        2 * MESSAGE +
        operation.set.name.length +
        12 * operation.set.key.length +
        elementsSize(operation.set, operation.set.elements.values())
      );
    case "add map":
      return (
        2 * MESSAGE +
        operation.map.name.length +
        12 * operation.map.key.length +
        elementsSize(operation.map, operation.map.elements.values())
      );
    case "add elements":
    case "delete elements":
      return operation.set.name.length + elementsSize(operation.set, operation.elements);
    default:
      return MESSAGE + 40;
  }
}
