import { formatRule } from "./format-rule.ts";
import { formatElements, formatKey, formatMapProperties, formatSetProperties } from "./format-set.ts";
import { formatHook, formatTableRef } from "./format-table.ts";
import { formatName } from "./name.ts";
import type { Element, ElementTypes, MapElement, NftMap, NftSet } from "./set.ts";
import type { TableRef } from "./table.ts";
import type { Operation, Transaction } from "./transaction.ts";

function addElements(
  ref: string,
  set: ElementTypes & { readonly name: string },
  elements: readonly (Element | MapElement)[],
): string[] {
  if (elements.length === 0) return [];
  return [`add element ${ref} ${formatName(set.name)} ${formatElements(set, elements)}`];
}

/** nft 1.0.6 takes elements inside `create set { … }` and drops them, so they follow in a command of their own. */
function create(
  ref: string,
  kind: "set" | "map",
  set: NftSet | NftMap,
  properties: readonly string[],
): string[] {
  const command = `create ${kind} ${ref} ${formatName(set.name)} { ${properties.join(" ")} }`;
  return [command, ...addElements(ref, set, [...set.elements.values()])];
}

/**
 * Commands of one operation. `add chain`, `add set` and `add map` become `create`, which fails where `add` would
 * silently append to what is there already.
 */
export function formatOperation(table: TableRef, operation: Operation): string[] {
  const ref = formatTableRef(table);
  switch (operation.op) {
    case "add table":
    case "delete table":
      return [`${operation.op} ${ref}`];
    case "add chain": {
      const { name, hook, rules } = operation.chain;
      const block = hook ? ` { ${formatHook(hook)} }` : "";
      const prefix = `add rule ${ref} ${formatName(name)} `;
      return [`create chain ${ref} ${name}${block}`, ...rules.map((rule) => prefix + formatRule(rule))];
    }
    case "add rules": {
      const prefix = `add rule ${ref} ${formatName(operation.chain)} `;
      return operation.rules.map((rule) => prefix + formatRule(rule));
    }
    case "add set":
      return create(ref, "set", operation.set, formatSetProperties(operation.set));
    case "add map":
      return create(ref, "map", operation.map, formatMapProperties(operation.map));
    case "add elements":
      return addElements(ref, operation.set, operation.elements);
    case "delete elements": {
      if (operation.elements.length === 0) return [];
      const keys = operation.elements.map((element) => formatKey(operation.set, element));
      return [`delete element ${ref} ${formatName(operation.set.name)} { ${keys.join(", ")} }`];
    }
    default:
      return [`${operation.op} ${ref} ${formatName(operation.name)}`];
  }
}

/** The whole transaction on one line, as the interactive nft takes it. Empty when there is nothing to do. */
export function formatTransaction(transaction: Transaction): string {
  return transaction.operations
    .flatMap((operation) => formatOperation(transaction.table, operation))
    .join("; ");
}
