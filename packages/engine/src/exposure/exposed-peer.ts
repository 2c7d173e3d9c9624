import type { PeerEntry } from "../cluster/policy-entry.ts";
import { impossibleKey } from "../cover/label-space.ts";
import { blockPrefixes, peerWithin, spacesOf } from "../cover/peer-cover.ts";
import type { Labels } from "../model/labels.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, cidrContains } from "../net/cidr.ts";
import { type CompiledSelector, selects } from "../selector/selector.ts";

/** Who a rule lets pass, said by what it asks of a peer and not by who is there. */
export type ExposedPeer = Anyone | ExposedPods | ExposedAddresses;

/** Every pod of every namespace, and every address. */
interface Anyone {
  readonly kind: "anyone";
}

/** Pods by their labels, in one namespace by name or in all that have certain labels. */
interface ExposedPods {
  readonly kind: "pods";
  readonly namespaces: { readonly name: string } | { readonly selector: CompiledSelector };
  readonly pods: CompiledSelector;
}

/** Whoever has one of these addresses: the world outside, and pods that have one. Sorted, disjoint, as few as possible. */
interface ExposedAddresses {
  readonly kind: "addresses";
  readonly cidrs: readonly Cidr[];
}

/** A peer of a rule, undefined for a rule that takes any; gives undefined for one that nobody can ever be. */
export function exposedPeer(entry: PeerEntry | undefined): ExposedPeer | undefined {
  if (entry === undefined) return { kind: "anyone" };
  if (entry.kind === "ipBlock") {
    const cidrs = blockPrefixes(entry);
    return cidrs.length === 0 ? undefined : { kind: "addresses", cidrs };
  }
  const { selection } = entry;
  if (selection === undefined) return undefined;
  const { pods, namespaces } = spacesOf(selection);
  if (impossibleKey(pods) !== undefined || impossibleKey(namespaces) !== undefined) return undefined;
  const { scope } = selection;
  return {
    kind: "pods",
    namespaces: "namespace" in scope ? { name: scope.namespace } : { selector: scope.namespaces },
    pods: selection.pods,
  };
}

/** Whether everybody who is the one is the other too, whoever comes. Never wrongly true. */
export function exposedWithin(inner: PeerEntry | undefined, outer: PeerEntry | undefined): boolean {
  if (outer === undefined) return true;
  return inner !== undefined && peerWithin(inner, outer);
}

/** Somebody who is not there yet. */
export interface Candidate {
  /** Absent for somebody who is no pod, or on a node's own network. */
  readonly pod?: { readonly namespace: string; readonly namespaceLabels: Labels; readonly labels: Labels };
  /** As the flow shows it. */
  readonly address?: Address;
}

/** Whether the peer means the candidate. */
export function isExposedTo(peer: ExposedPeer, { pod, address }: Candidate): boolean {
  switch (peer.kind) {
    case "anyone":
      return true;
    case "addresses":
      return address !== undefined && peer.cidrs.some((cidr) => cidrContains(cidr, address));
    case "pods": {
      if (pod === undefined || !selects(peer.pods, pod.labels)) return false;
      const { namespaces } = peer;
      return "name" in namespaces
        ? namespaces.name === pod.namespace
        : selects(namespaces.selector, pod.namespaceLabels);
    }
  }
}
