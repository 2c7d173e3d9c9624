import type { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import type { Cause } from "./cause.ts";

/** What changes between two peers, and who is responsible. */
export interface PortChange {
  readonly opened: PortSet;
  readonly closed: PortSet;
  /** Equal lists are one object. */
  readonly openedBy: readonly Cause[];
  readonly closedBy: readonly Cause[];
}

export interface ConnectionChange extends PortChange {
  /** Pods as they are in the second state. */
  readonly source: ListedPeer;
  readonly destination: ListedPeer;
}

/** Changes towards one destination: of each source, what `changes` has at the same place. Equal changes are mostly one object. */
export interface ChangeGroup {
  readonly destination: ListedPeer;
  readonly sources: readonly ListedPeer[];
  readonly changes: readonly PortChange[];
}

/** A list of changes, of which there may be tens of millions: what they have in common is kept once. */
export class ConnectionChanges implements Iterable<ConnectionChange> {
  readonly #groups: ChangeGroup[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(destination: ListedPeer, sources: readonly ListedPeer[], changes: readonly PortChange[]): void {
    if (sources.length === 0) return;
    this.#groups.push({ destination, sources, changes });
    this.#length += sources.length;
  }

  /** By destination; the outside has a group for each source. */
  get groups(): readonly ChangeGroup[] {
    return this.#groups;
  }

  *[Symbol.iterator](): Iterator<ConnectionChange> {
    for (const { destination, sources, changes } of this.#groups) {
      for (const [at, source] of sources.entries()) {
        const { opened, closed, openedBy, closedBy } = changes[at]!;
        yield { source, destination, opened, closed, openedBy, closedBy };
      }
    }
  }
}
