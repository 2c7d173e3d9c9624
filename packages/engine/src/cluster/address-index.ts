import type { PodEntry } from "./pod-entry.ts";

/**
 * Which pod an address belongs to. While an address passes from one pod to the next both may claim it; the one whose
 * name sorts first owns it, so that the answer depends on the present state and not on the order of events.
 */
export class AddressIndex {
  readonly #claims = new Map<string, PodEntry[]>();

  owner(address: string): PodEntry | undefined {
    return this.#claims.get(address)?.[0];
  }

  /** Adds the entry's claim; returns the other pods that claim the address too, which may have lost it. */
  claim(address: string, entry: PodEntry): readonly PodEntry[] {
    const claims = this.#claims.get(address);
    if (claims === undefined) {
      this.#claims.set(address, [entry]);
      return [];
    }
    const others = claims.slice();
    claims.push(entry);
    claims.sort((a, b) => (a.key < b.key ? -1 : 1));
    return others;
  }

  /** Withdraws the entry's claim; returns the pods that still claim the address, one of which may have won it. */
  release(address: string, entry: PodEntry): readonly PodEntry[] {
    const rest = (this.#claims.get(address) ?? []).filter((claimant) => claimant !== entry);
    if (rest.length === 0) this.#claims.delete(address);
    else this.#claims.set(address, rest);
    return rest;
  }
}
