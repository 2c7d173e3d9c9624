import type { PodEntry } from "../cluster/pod-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Address } from "../net/address.ts";
import { addressList } from "../net/address-list.ts";
import type { AddressSet } from "./program.ts";
import { WeakCache } from "./weak-cache.ts";

/** What a set was made from: which pod gave which addresses, and when. An address belongs to one pod only. */
interface Origin {
  readonly given: Map<PodEntry, readonly Address[]>;
  at: number;
}

/** Makes address sets from selections, and gives the same object again while its content is the same. */
export class AddressSets {
  readonly #sets = new WeakCache<AddressSet>();
  readonly #origins = new WeakMap<AddressSet, Origin>();

  /** The union of the selections' addresses. `now` is the cluster's clock. */
  get(id: string, selections: readonly Selection[], now: number): AddressSet {
    const known = this.#sets.get(id);
    const origin = known && this.#origins.get(known);
    if (known === undefined || origin === undefined) return this.#make(id, selections, now);
    if (selections.every(({ changedAt }) => changedAt <= origin.at)) return known;
    const set = this.#follow(known, origin, selections);
    origin.at = now;
    if (set !== known) this.#keep(set, origin);
    return set;
  }

  #make(id: string, selections: readonly Selection[], now: number): AddressSet {
    const given = new Map<PodEntry, readonly Address[]>();
    for (const { members } of selections) for (const entry of members) given.set(entry, entry.addresses);
    const set = { id, addresses: addressList([...given.values()].flat()) };
    this.#keep(set, { given, at: now });
    return set;
  }

  /** The set after the changes since `origin`, which is brought up to date; the same set when they cancel out. */
  #follow(known: AddressSet, { given, at }: Origin, selections: readonly Selection[]): AddressSet {
    const gone = new Map<string, Address>();
    const come = new Map<string, Address>();
    for (const entry of changedSince(at, selections, given)) {
      const after = selections.some(({ members }) => members.has(entry)) ? entry.addresses : [];
      for (const address of given.get(entry) ?? []) gone.set(address.text, address);
      for (const address of after) come.set(address.text, address);
      if (after.length > 0) given.set(entry, after);
      else given.delete(entry);
    }
    for (const text of gone.keys()) if (come.delete(text)) gone.delete(text);
    if (gone.size === 0 && come.size === 0) return known;
    const addresses = known.addresses.with({ added: [...come.values()], removed: [...gone.values()] });
    return { id: known.id, addresses };
  }

  #keep(set: AddressSet, origin: Origin): void {
    this.#sets.set(set.id, set);
    this.#origins.set(set, origin);
  }
}

/** The pods that may count differently now: those that changed, or everybody when the changes are forgotten. */
function changedSince(
  moment: number,
  selections: readonly Selection[],
  given: ReadonlyMap<PodEntry, unknown>,
): ReadonlySet<PodEntry> {
  const changed = new Set<PodEntry>();
  for (const { changes } of selections) {
    const since = changes.since(moment);
    if (since === undefined)
      return new Set([...given.keys(), ...selections.flatMap((each) => [...each.members])]);
    for (const entry of since) changed.add(entry);
  }
  return changed;
}
