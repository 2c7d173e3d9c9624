import { PodEntry } from "./pod-entry.ts";

/**
 * Which pod an address belongs to. While an address passes from one pod to the next both may claim it; the one whose
 * name sorts first owns it, so that the answer depends on the present state and not on the order of events.
 */
export class AddressIndex {
  /** The pod, or all of them, where they are several. */
  readonly #claims = new Map<string, PodEntry | readonly PodEntry[]>();

  owner(address: string): PodEntry | undefined {
    return this.#claimants(address)[0];
  }

  /** Adds the entry's claim; returns the other pods that claim the address too, which may have lost it. */
  claim(address: string, entry: PodEntry): readonly PodEntry[] {
    const others = this.#claimants(address);
    const all = [...others, entry].sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#claims.set(address, others.length === 0 ? entry : all);
    return others;
  }

  /** Withdraws the entry's claim; returns the pods that still claim the address, one of which may have won it. */
  release(address: string, entry: PodEntry): readonly PodEntry[] {
    const rest = this.#claimants(address).filter((claimant) => claimant !== entry);
    if (rest.length === 0) this.#claims.delete(address);
    else this.#claims.set(address, rest.length === 1 ? rest[0]! : rest);
    return rest;
  }

  #claimants(address: string): readonly PodEntry[] {
    const claims = this.#claims.get(address);
    if (claims === undefined) return [];
    return claims instanceof PodEntry ? [claims] : claims;
  }
}
