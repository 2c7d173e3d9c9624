import { addElements, deleteElements } from "./fake-elements.ts";
import { type FakeTable, toFakeRule } from "./fake-table.ts";
import { checkHook, checkRule, isReferenced } from "./fake-validation.ts";
import { isKeyword } from "./keywords.ts";
import { busy, exists, missing, Refusal } from "./refusal.ts";
import type { Rule } from "./rule.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Chain } from "./table.ts";
import type { Operation } from "./transaction.ts";

/** All but those on the table itself. */
export type ObjectOperation = Exclude<
  Operation,
  { readonly op: "add table" } | { readonly op: "delete table" }
>;

function checkName(name: string): void {
  if (isKeyword(name)) throw new Refusal("syntax error, a keyword cannot be a name");
}

function addRules(table: FakeTable, name: string, rules: readonly Rule[]): void {
  const chain = table.chains.get(name);
  if (!chain) throw missing();
  for (const rule of rules) checkRule(table, rule);
  table.chains.set(name, { ...chain, rules: [...chain.rules, ...rules.map(toFakeRule)] });
}

function deleteSet(table: FakeTable, name: string): void {
  if (!table.sets.has(name) && !table.maps.has(name)) throw missing();
  if (isReferenced(table, name, "set")) throw busy();
  table.sets.delete(name);
  table.maps.delete(name);
}

function addChain(table: FakeTable, { name, hook, rules }: Chain): void {
  checkName(name);
  if (table.chains.has(name)) throw exists();
  if (hook) checkHook(hook);
  table.chains.set(name, { name, hook, rules: [] });
  addRules(table, name, rules);
}

function flushChain(table: FakeTable, name: string): void {
  const chain = table.chains.get(name);
  if (!chain) throw missing();
  table.chains.set(name, { ...chain, rules: [] });
}

function deleteChain(table: FakeTable, name: string): void {
  // Its own rules go with it.
  flushChain(table, name);
  if (isReferenced(table, name, "chain")) throw busy();
  table.chains.delete(name);
}

function addSet(table: FakeTable, set: NftSet | NftMap): void {
  checkName(set.name);
  if (table.sets.has(set.name) || table.maps.has(set.name)) throw exists();
  if ("value" in set) table.maps.set(set.name, { ...set, elements: new Map() });
  else table.sets.set(set.name, { set: { ...set, elements: new Map() }, dynamic: new Map() });
  addElements(table, set.name, [...set.elements.values()]);
}

function flushSet(table: FakeTable, name: string): void {
  const entry = table.sets.get(name);
  if (!entry) throw new Refusal("No such file or directory");
  table.sets.set(name, { set: { ...entry.set, elements: new Map() }, dynamic: new Map() });
}

function flushMap(table: FakeTable, name: string): void {
  const map = table.maps.get(name);
  if (!map) throw new Refusal("No such file or directory");
  table.maps.set(name, { ...map, elements: new Map() });
}

/**
 * Changes a draft as the kernel would.
 * @throws Refusal where the kernel or nft would refuse; the draft is then of no more use.
 */
export function applyOperation(table: FakeTable, operation: ObjectOperation): void {
  switch (operation.op) {
    case "add chain":
      addChain(table, operation.chain);
      break;
    case "add rules":
      if (operation.rules.length > 0) addRules(table, operation.chain, operation.rules);
      break;
    case "flush chain":
      flushChain(table, operation.name);
      break;
    case "delete chain":
      deleteChain(table, operation.name);
      break;
    case "add set":
      addSet(table, operation.set);
      break;
    case "add map":
      addSet(table, operation.map);
      break;
    case "delete set":
    case "delete map":
      deleteSet(table, operation.name);
      break;
    case "flush set":
      flushSet(table, operation.name);
      break;
    case "flush map":
      flushMap(table, operation.name);
      break;
    case "add elements":
      addElements(table, operation.set.name, operation.elements);
      break;
    case "delete elements":
      deleteElements(table, operation.set.name, operation.elements);
  }
}
