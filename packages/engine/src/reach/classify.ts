import type { ClusterState } from "../cluster/cluster-state.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import { isFinished, isNetworked, type PodEntry } from "../cluster/pod-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Protocol } from "../model/protocol.ts";
import type { Address } from "../net/address.ts";
import type { AddressBlocks } from "./address-blocks.ts";
import type { ClassTraits, PeerClass } from "./peer-class.ts";

export interface Classified {
  readonly classes: readonly PeerClass[];
  /** By index of the class. */
  readonly traits: readonly ClassTraits[];
  readonly byPod: ReadonlyMap<PodEntry, PeerClass>;
}

/**
 * Sorts all pods, and all addresses outside, into classes: members of a class are in the same selections and the same
 * ipBlocks, and their port names mean the same. Finished pods are in none.
 */
export function classify(state: ClusterState, blocks: AddressBlocks): Classified {
  const classes: PeerClass[] = [];
  const traits: ClassTraits[] = [];
  const byPod = new Map<PodEntry, PeerClass>();
  const names = portNamesInUse(state);
  const numberOf = selectionNumbers();
  const groups = new Map<string, { readonly entries: PodEntry[]; readonly traits: ClassTraits }>();
  for (const entry of state.pods.values()) {
    if (isFinished(entry.pod)) continue;
    const own = traitsOf(entry, state, blocks, names);
    const selections = [...entry.selections].map(numberOf).sort((a, b) => a - b);
    const host = entry.pod.hostNetwork ? "host" : "";
    const key = `${selections.join()} ${own.blocks[4] ?? ""}/${own.blocks[6] ?? ""} ${own.portNames} ${host}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { entries: [entry], traits: own });
    else group.entries.push(entry);
  }
  for (const group of groups.values()) {
    const pods = group.entries.map(({ pod }) => pod);
    const made = { index: classes.length, pods, ranges: [], hostNetwork: pods[0]!.hostNetwork };
    classes.push(made);
    traits.push(group.traits);
    for (const entry of group.entries) byPod.set(entry, made);
  }
  for (const { family, set, ranges } of blocks.ranges()) {
    classes.push({ index: classes.length, pods: [], ranges, hostNetwork: false });
    traits.push({
      entry: undefined,
      blocks: { 4: family === 4 ? set : undefined, 6: family === 6 ? set : undefined },
      portNames: "",
    });
  }
  return { classes, traits, byPod };
}

function traitsOf(
  entry: PodEntry,
  state: ClusterState,
  blocks: AddressBlocks,
  names: readonly (readonly [Protocol, string])[],
): ClassTraits {
  const { pod } = entry;
  const addresses = addressesOf(entry, state);
  const setOf = (family: 4 | 6) => {
    const address = addresses.find((each) => each.family === family);
    return address === undefined ? undefined : blocks.setOf(address);
  };
  const networked = isNetworked(pod);
  const meanings = networked
    ? names.map(([protocol, name]) => portNumbers(pod, protocol, name).join("+")).join()
    : "";
  return {
    entry: networked ? entry : undefined,
    blocks: { 4: setOf(4), 6: setOf(6) },
    portNames: meanings,
  };
}

/** As a flow from or to the pod would use them: a pod on its node's network without addresses has the node's. */
function addressesOf({ pod, addresses }: PodEntry, state: ClusterState): readonly Address[] {
  if (!pod.hostNetwork) return addresses;
  if (pod.addresses.length > 0 || pod.nodeName === undefined) return pod.addresses;
  return state.node(pod.nodeName)?.addresses ?? [];
}

/** Every port name that a policy uses, with its protocol. */
function portNamesInUse(state: ClusterState): readonly (readonly [Protocol, string])[] {
  const names = new Map<string, readonly [Protocol, string]>();
  for (const { rules } of state.policies.values()) {
    for (const { rule } of [...rules.Ingress, ...rules.Egress]) {
      for (const { protocol, port } of rule.ports)
        if (typeof port === "string") names.set(`${protocol} ${port}`, [protocol, port]);
    }
  }
  return [...names.keys()].sort().map((key) => names.get(key)!);
}

function selectionNumbers(): (selection: Selection) => number {
  const numbers = new Map<Selection, number>();
  return (selection) => {
    let number = numbers.get(selection);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(selection, number);
    }
    return number;
  };
}
