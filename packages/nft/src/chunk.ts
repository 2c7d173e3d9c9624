import { elementSize, operationSize, ruleSize } from "./netlink-size.ts";
import type { Element, MapElement } from "./set.ts";
import type { Operation } from "./transaction.ts";

/**
 * Bytes of netlink that one transaction may estimate to. A user namespace's root cannot raise the socket's buffer
 * above net.core.wmem_default, 212,992 bytes unless the host has changed it (socket(7), SO_SNDBUFFORCE).
 */
export const DEFAULT_BUDGET = 196_000;

/** Operations that must take effect together, in order. */
type Unit = readonly Operation[];

type ElementsOperation = Extract<Operation, { op: "add elements" | "delete elements" }>;

/** Cuts a list into runs whose sizes stay within the budget; a single item may exceed it. */
function runs<T>(items: readonly T[], budget: number, size: (item: T) => number): T[][] {
  const result: T[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = size(item);
    const last = result.at(-1);
    if (last && bytes <= room) last.push(item);
    else {
      result.push([item]);
      room = budget;
    }
    room -= bytes;
  }
  return result;
}

/** Room for the messages' own headers in a transaction that is full of elements. */
const HEADERS = 1_000;

function splitElements(operation: ElementsOperation, budget: number): Unit[] {
  const size = (element: Element): number => elementSize(operation.set, element);
  return runs(operation.elements, budget - HEADERS, size).map((elements) => [{ ...operation, elements }]);
}

/** A changed value is a delete and an add of one key: pairs stay together, whatever the number of them. */
function splitReplacement(remove: ElementsOperation, add: ElementsOperation, budget: number): Unit[] {
  const added = new Map(add.elements.map((element) => [element.key.join(" . "), element]));
  const removed = new Set(remove.elements.map((element) => element.key.join(" . ")));
  const only = {
    removed: remove.elements.filter((element) => !added.has(element.key.join(" . "))),
    added: add.elements.filter((element) => !removed.has(element.key.join(" . "))),
  };
  const pairs = remove.elements.flatMap((element): { old: Element; new: Element | MapElement }[] => {
    const other = added.get(element.key.join(" . "));
    return other ? [{ old: element, new: other }] : [];
  });
  const size = (pair: (typeof pairs)[number]): number =>
    elementSize(remove.set, pair.old) + elementSize(add.set, pair.new);
  return [
    ...splitElements({ ...remove, elements: only.removed }, budget),
    ...runs(pairs, budget - 2 * HEADERS, size).map(
      (run): Unit => [
        { ...remove, elements: run.map((pair) => pair.old) },
        { ...add, elements: run.map((pair) => pair.new) },
      ],
    ),
    ...splitElements({ ...add, elements: only.added }, budget),
  ];
}

/** Splits what may be split without anything seeing a difference but in time. */
function splitOperation(operation: Operation, budget: number): Unit[] {
  if (operationSize(operation) <= budget) return [[operation]];
  switch (operation.op) {
    case "add chain": {
      const { chain } = operation;
      const rest = runs(chain.rules, budget - HEADERS, (rule) => ruleSize(rule, chain.name));
      return [
        [{ op: "add chain", chain: { ...chain, rules: [] } }],
        ...rest.map((rules): Unit => [{ op: "add rules", chain: chain.name, rules }]),
      ];
    }
    case "add rules":
      return runs(operation.rules, budget - HEADERS, (rule) => ruleSize(rule, operation.chain)).map(
        (rules): Unit => [{ ...operation, rules }],
      );
    case "add set": {
      const elements = [...operation.set.elements.values()];
      return [
        [{ op: "add set", set: { ...operation.set, elements: new Map() } }],
        ...splitElements({ op: "add elements", set: operation.set, elements }, budget),
      ];
    }
    case "add map": {
      const elements = [...operation.map.elements.values()];
      return [
        [{ op: "add map", map: { ...operation.map, elements: new Map() } }],
        ...splitElements({ op: "add elements", set: operation.map, elements }, budget),
      ];
    }
    case "add elements":
    case "delete elements":
      return splitElements(operation, budget);
    default:
      return [[operation]];
  }
}

function units(operations: readonly Operation[], budget: number): Unit[] {
  const result: Unit[] = [];
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i] as Operation;
    const next = operations[i + 1];
    if (operation.op === "flush chain" && next?.op === "add rules" && next.chain === operation.name) {
      result.push([operation, next]);
      i++;
    } else if (
      operation.op === "delete elements" &&
      next?.op === "add elements" &&
      next.set.name === operation.set.name
    ) {
      result.push(...splitReplacement(operation, next, budget));
      i++;
    } else result.push(...splitOperation(operation, budget));
  }
  return result;
}

/**
 * Distributes operations, in order, over as few transactions as keep within the budget (bytes, as estimated by
 * `operationSize`). Long element lists and new chains are split. Never split: `delete elements` directly followed by
 * `add elements` of the same keys (a changed value), and `flush chain` directly followed by its `add rules` (a
 * rewritten chain). One of those that alone exceeds the budget gets a transaction to itself, which real root can
 * commit and a user namespace's cannot: it is refused whole, never half done.
 */
export function chunkOperations(
  operations: readonly Operation[],
  budget: number = DEFAULT_BUDGET,
): Operation[][] {
  const unitSize = (unit: Unit): number => unit.reduce((sum, operation) => sum + operationSize(operation), 0);
  return runs(units(operations, budget), budget, unitSize).map((run) => run.flat());
}
