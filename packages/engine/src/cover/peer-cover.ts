import type { PeerEntry } from "../cluster/policy-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { IPBlockPeer } from "../model/network-policy.ts";
import { type Cidr, cidrWithin } from "../net/cidr.ts";
import { subtractAndMerge } from "../net/cidr-set.ts";
import { compileSelector } from "../selector/selector.ts";
import { type LabelSpace, labelSpace, spaceWithin } from "./label-space.ts";

/** Whether any pod or address that `inner` matches is matched by `outer` too, whatever the cluster holds. */
export function peerWithin(inner: PeerEntry, outer: PeerEntry): boolean {
  if (inner.kind === "ipBlock") return outer.kind === "ipBlock" && blockWithin(inner, outer);
  if (outer.kind === "ipBlock") return false;
  if (inner.selection === undefined || inner.selection === outer.selection) return true;
  return outer.selection !== undefined && selectionWithin(inner.selection, outer.selection);
}

/** Whether every pod of the one is of the other, whatever the cluster holds. */
export function selectionWithin(inner: Selection, outer: Selection): boolean {
  const [a, b] = [spacesOf(inner), spacesOf(outer)];
  return spaceWithin(a.pods, b.pods) && spaceWithin(a.namespaces, b.namespaces);
}

export interface Spaces {
  readonly namespaces: LabelSpace;
  readonly pods: LabelSpace;
}

const spaces = new WeakMap<Selection, Spaces>();

/** All labels that its namespaces, and its pods, may have. */
export function spacesOf(selection: Selection): Spaces {
  let known = spaces.get(selection);
  if (known === undefined) {
    const { scope, pods } = selection;
    const namespaces =
      "namespaces" in scope
        ? scope.namespaces
        : compileSelector({
            matchLabels: { "kubernetes.io/metadata.name": scope.namespace },
            matchExpressions: [],
          });
    known = { namespaces: labelSpace(namespaces), pods: labelSpace(pods) };
    spaces.set(selection, known);
  }
  return known;
}

/** An aligned prefix that a set of addresses holds lies in one prefix of the set's shortest list. */
function blockWithin(inner: IPBlockPeer, outer: IPBlockPeer): boolean {
  if (inner.cidr.family !== outer.cidr.family) return false;
  const cover = blockPrefixes(outer);
  return blockPrefixes(inner).every((prefix) => cover.some((wide) => cidrWithin(prefix, wide)));
}

const prefixes = new WeakMap<IPBlockPeer, readonly Cidr[]>();

/** What an ipBlock holds, as the fewest prefixes. */
export function blockPrefixes(block: IPBlockPeer): readonly Cidr[] {
  let known = prefixes.get(block);
  if (known === undefined) {
    known = subtractAndMerge([block]);
    prefixes.set(block, known);
  }
  return known;
}
