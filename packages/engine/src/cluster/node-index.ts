import type { Node, Pod } from "../model/objects.ts";
import { type Address, compareAddresses } from "../net/address.ts";
import { OrderedMap } from "./ordered-map.ts";

/**
 * Nodes by name and by address. A node's addresses are those of its Node object and those of the hostNetwork pods on
 * it, which use its network; so a node whose object was never seen is still known by its pods.
 */
export class NodeIndex {
  readonly #nodes = new OrderedMap<Node>();
  /** Address text, then node name, then how many say so. */
  readonly #namesAt = new Map<string, Map<string, number>>();
  /** Node name, then address text. */
  readonly #addressesOf = new Map<string, Map<string, Address>>();
  /** Sorted lists, made on demand, kept while the node's addresses stay the same. */
  readonly #lists = new Map<string, readonly Address[]>();

  list(): readonly Node[] {
    return this.#nodes.values();
  }

  get(name: string): Node | undefined {
    return this.#nodes.get(name);
  }

  set(node: Node): void {
    const old = this.#nodes.get(node.name);
    this.#nodes.set(node.name, node);
    // The new claims first, so that what stays is never seen to go.
    for (const address of node.addresses) this.#claim(node.name, address);
    for (const address of old?.addresses ?? []) this.#release(node.name, address);
  }

  delete(name: string): boolean {
    for (const address of this.#nodes.get(name)?.addresses ?? []) this.#release(name, address);
    return this.#nodes.delete(name);
  }

  addHostPod({ nodeName, addresses }: Pod): void {
    if (nodeName !== undefined) for (const address of addresses) this.#claim(nodeName, address);
  }

  deleteHostPod({ nodeName, addresses }: Pod): void {
    if (nodeName !== undefined) for (const address of addresses) this.#release(nodeName, address);
  }

  /** Names of the nodes that have the address, as keys; more than one only while the cluster is in disorder. */
  namesAt(address: Address): ReadonlyMap<string, number> | undefined {
    return this.#namesAt.get(address.text);
  }

  /** Sorted; the same array as long as nothing changed. */
  addressesOf(name: string): readonly Address[] {
    const known = this.#addressesOf.get(name);
    if (known === undefined) return NO_ADDRESSES;
    let list = this.#lists.get(name);
    if (list === undefined) {
      list = [...known.values()].sort(compareAddresses);
      this.#lists.set(name, list);
    }
    return list;
  }

  #claim(name: string, address: Address): void {
    const names = demand(this.#namesAt, address.text);
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    if (count > 0) return;
    demand(this.#addressesOf, name).set(address.text, address);
    this.#lists.delete(name);
  }

  #release(name: string, { text }: Address): void {
    const names = this.#namesAt.get(text)!;
    const count = names.get(name)!;
    if (count > 1) {
      names.set(name, count - 1);
      return;
    }
    names.delete(name);
    if (names.size === 0) this.#namesAt.delete(text);
    const addresses = this.#addressesOf.get(name)!;
    addresses.delete(text);
    if (addresses.size === 0) this.#addressesOf.delete(name);
    this.#lists.delete(name);
  }
}

const NO_ADDRESSES: readonly Address[] = [];

function demand<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
