import type { Table } from "./table.ts";
import type { Operation } from "./transaction.ts";

function* missing<T>(
  current: ReadonlyMap<string, T> | undefined,
  desired: ReadonlyMap<string, T>,
): Iterable<T> {
  for (const [name, object] of desired) if (!current?.has(name)) yield object;
}

/**
 * New objects, each before what refers to it: sets, maps still without verdicts, chains still empty (they may refer to
 * one another), their rules, the verdicts; base chains last, so that the first packet meets complete rules.
 */
export function planCreation(current: Table | undefined, desired: Table): Operation[] {
  const operations: Operation[] = current ? [] : [{ op: "add table" }];
  const chains = [...missing(current?.chains, desired.chains)];
  const maps = [...missing(current?.maps, desired.maps)];
  for (const set of missing(current?.sets, desired.sets)) operations.push({ op: "add set", set });
  for (const map of maps)
    operations.push({ op: "add map", map: map.value === "verdict" ? { ...map, elements: new Map() } : map });
  const regular = chains.filter((chain) => !chain.hook);
  for (const chain of regular) operations.push({ op: "add chain", chain: { name: chain.name, rules: [] } });
  for (const { name, rules } of regular)
    if (rules.length > 0) operations.push({ op: "add rules", chain: name, rules });
  for (const map of maps)
    if (map.value === "verdict" && map.elements.size > 0)
      operations.push({ op: "add elements", set: map, elements: [...map.elements.values()] });
  for (const chain of chains) if (chain.hook) operations.push({ op: "add chain", chain });
  return operations;
}
