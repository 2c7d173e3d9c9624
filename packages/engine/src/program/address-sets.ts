import type { Selection } from "../cluster/selection.ts";
import { type Address, compareAddresses } from "../net/address.ts";
import type { AddressSet } from "./program.ts";
import { WeakCache } from "./weak-cache.ts";

/** Makes address sets from selections, and gives the same object again while its content is the same. */
export class AddressSets {
  readonly #sets = new WeakCache<AddressSet>();
  readonly #builtAt = new WeakMap<AddressSet, number>();

  /** The union of the selections' addresses. `now` is the cluster's clock. */
  get(id: string, selections: readonly Selection[], now: number): AddressSet {
    const known = this.#sets.get(id);
    const builtAt = known && this.#builtAt.get(known);
    if (
      known !== undefined &&
      builtAt !== undefined &&
      selections.every(({ changedAt }) => changedAt <= builtAt)
    ) {
      return known;
    }
    const addresses = new Map<string, Address>();
    for (const { members } of selections) {
      for (const entry of members)
        for (const address of entry.addresses) addresses.set(address.text, address);
    }
    const set =
      known !== undefined && sameAddresses(known, addresses)
        ? known
        : { id, addresses: sortedLike(known, addresses) };
    if (set !== known) this.#sets.set(id, set);
    this.#builtAt.set(set, now);
    return set;
  }
}

function sameAddresses(known: AddressSet, addresses: ReadonlyMap<string, Address>): boolean {
  return (
    known.addresses.length === addresses.size && known.addresses.every(({ text }) => addresses.has(text))
  );
}

/** Sorts by merging what is new into what was sorted before: most changes are of one address in thousands. */
function sortedLike(known: AddressSet | undefined, addresses: Map<string, Address>): readonly Address[] {
  const kept = (known?.addresses ?? []).filter(({ text }) => addresses.has(text));
  for (const { text } of kept) addresses.delete(text);
  const added = [...addresses.values()].sort(compareAddresses);
  const merged: Address[] = [];
  let next = 0;
  for (const address of kept) {
    while (next < added.length && compareAddresses(added[next]!, address) < 0) merged.push(added[next++]!);
    merged.push(address);
  }
  while (next < added.length) merged.push(added[next++]!);
  return merged;
}
