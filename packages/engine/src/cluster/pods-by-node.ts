import type { Pod } from "../model/objects.ts";
import type { PodEntry } from "./pod-entry.ts";

/** The pods of each node, so that who enforces for one node does not look at the pods of all. */
export class PodsByNode {
  readonly #entries = new Map<string, Set<PodEntry>>();

  /** `pod` says which node; one that says none is on none. */
  add(entry: PodEntry, { nodeName }: Pod): void {
    if (nodeName === undefined) return;
    const entries = this.#entries.get(nodeName);
    if (entries === undefined) this.#entries.set(nodeName, new Set([entry]));
    else entries.add(entry);
  }

  /** What `add` was given. */
  delete(entry: PodEntry, { nodeName }: Pod): void {
    if (nodeName === undefined) return;
    const entries = this.#entries.get(nodeName);
    entries?.delete(entry);
    if (entries?.size === 0) this.#entries.delete(nodeName);
  }

  /** By `namespace/name`. */
  on(nodeName: string): readonly PodEntry[] {
    return [...(this.#entries.get(nodeName) ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}
