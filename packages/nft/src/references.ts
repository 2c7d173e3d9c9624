import type { Rule } from "./rule.ts";
import type { Chain, Table } from "./table.ts";

/** Names of chains, sets and maps. */
export interface References {
  readonly chains: Set<string>;
  readonly sets: Set<string>;
  readonly maps: Set<string>;
}

/** What a rule names. */
function addRuleReferences(references: References, rule: Rule): void {
  for (const statement of rule.statements) {
    if (statement.kind === "lookup" || statement.kind === "update") references.sets.add(statement.set);
    else if (statement.kind === "vmap") references.maps.add(statement.map);
    else if (statement.kind === "verdict" && "chain" in statement.verdict)
      references.chains.add(statement.verdict.chain);
  }
}

/** What a packet that enters one of these chains can reach, the chains themselves included. */
export function reachable(table: Table, from: readonly Chain[]): References {
  const references: References = {
    chains: new Set(from.map((chain) => chain.name)),
    sets: new Set(),
    maps: new Set(),
  };
  const seenMaps = new Set<string>();
  // A Set's iteration also visits what is added while it runs.
  for (const name of references.chains) {
    for (const rule of table.chains.get(name)?.rules ?? []) addRuleReferences(references, rule);
    for (const map of references.maps) {
      if (seenMaps.has(map)) continue;
      seenMaps.add(map);
      for (const { value } of table.maps.get(map)?.elements.values() ?? [])
        if ("kind" in value && "chain" in value) references.chains.add(value.chain);
    }
  }
  return references;
}
