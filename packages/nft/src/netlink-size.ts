import { canonicalRule } from "./canonical-rule.ts";
import { dataSize, RuleSizer, textSize, verdictSize } from "./expression-size.ts";
import type { Rule } from "./rule.ts";
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

/** Header of a rule's message, with the table's name (up to 19 bytes) and the beginning of its expressions. */
const RULE_HEADER = 48;

/** One element of a named set; in an interval set with the end of its range. */
export function elementSize(types: ElementTypes, element: Element | MapElement): number {
  const key = dataSize(types.key);
  const ranged = "interval" in types && types.interval === true;
  const counter = element.counter ? 48 : 0;
  let value = 0;
  if ("value" in element) {
    if ("kind" in element.value)
      value = verdictSize("chain" in element.value ? element.value.chain : undefined);
    else if (types.value !== "verdict") value = dataSize(types.value ?? []);
  }
  return ATTRIBUTE + key + (ranged ? key : 0) + counter + value;
}

/** One rule with its message. */
export function ruleSize(rule: Rule, chain: string): number {
  const { statements, comment } = canonicalRule(rule);
  const sizer = new RuleSizer();
  const expressions = statements.reduce((sum, statement) => sum + sizer.size(statement), 0);
  return RULE_HEADER + textSize(chain) + expressions + (comment ? 4 + textSize(comment) : 0);
}

/** A message, with a further header for every 64 KiB of elements, as a list of attributes cannot be longer. */
function elementsSize(types: ElementTypes, elements: Iterable<Element | MapElement>): number {
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
        operation.chain.rules.reduce((sum, rule) => sum + ruleSize(rule, operation.chain.name), 0)
      );
    case "add rules":
      return operation.rules.reduce((sum, rule) => sum + ruleSize(rule, operation.chain), 0);
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
