import { reachable } from "./references.ts";
import type { Table } from "./table.ts";
import type { Operation } from "./transaction.ts";

/**
 * Deletes what `desired` does not have. First all rules go, with what they refer to; then maps, which refer to chains;
 * then chains and sets. Base chains stay, with all that they use.
 */
export function planDeletion(current: Table, desired: Table): Operation[] {
  const foreign = [...current.chains.values()].filter(
    (chain) => chain.hook && !desired.chains.has(chain.name),
  );
  const kept = reachable(current, foreign);
  const gone = (
    from: ReadonlyMap<string, unknown>,
    to: ReadonlyMap<string, unknown>,
    keep: Set<string>,
  ): string[] => [...from.keys()].filter((name) => !to.has(name) && !keep.has(name));
  const chains = gone(current.chains, desired.chains, kept.chains);
  const flushed = chains.filter((name) => (current.chains.get(name)?.rules.length ?? 0) > 0);
  return [
    ...flushed.map((name): Operation => ({ op: "flush chain", name })),
    ...gone(current.maps, desired.maps, kept.maps).map((name): Operation => ({ op: "delete map", name })),
    ...chains.map((name): Operation => ({ op: "delete chain", name })),
    ...gone(current.sets, desired.sets, kept.sets).map((name): Operation => ({ op: "delete set", name })),
  ];
}
