import type { NetworkPolicy } from "../model/network-policy.ts";
import type { ClusterObject, Namespace, Node, ObjectKind, Pod, Service } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import { AddressIndex } from "./address-index.ts";
import { Clock } from "./clock.ts";
import { NamedPortIndex } from "./named-port-index.ts";
import { NamespaceEntry, NamespaceIndex } from "./namespace-index.ts";
import { NodeIndex } from "./node-index.ts";
import { OrderedMap } from "./ordered-map.ts";
import { byDirection, isFinished, isNetworked, PodEntry, podKey } from "./pod-entry.ts";
import { PodsByNode } from "./pods-by-node.ts";
import { PolicyEntry } from "./policy-entry.ts";
import type { EndpointDirectory } from "./resolve-flow.ts";
import { SelectionIndex } from "./selection-index.ts";
import { StagedPolicies } from "./staged-policies.ts";
import { structurallyEqual } from "./structurally-equal.ts";

/**
 * The objects of a cluster and the indexes over them, kept in step one change at a time. What it holds depends on the
 * present objects only, never on the order in which they came.
 */
export class ClusterState implements EndpointDirectory {
  readonly namespaces = new NamespaceIndex();
  readonly clock = new Clock();
  readonly selections = new SelectionIndex(this.namespaces, this.clock);
  readonly nodes = new NodeIndex();
  readonly pods = new OrderedMap<PodEntry>();
  readonly podsByNode = new PodsByNode();
  readonly policies = new OrderedMap<PolicyEntry>();
  readonly staged = new StagedPolicies();
  readonly services = new OrderedMap<Service>();
  readonly namedPorts = new NamedPortIndex(this.clock);
  readonly #addresses = new AddressIndex();
  /** The present Pod objects: who asks with one of them is spared the look-up by name. */
  readonly #byObject = new WeakMap<Pod, PodEntry>();

  /** Takes over an object; false when nothing changed. */
  put(object: ClusterObject): boolean {
    switch (object.kind) {
      case "Namespace":
        return this.#namespaceChanged(this.namespaces.declare(object));
      case "Node":
        return this.#putNode(object);
      case "Pod":
        return this.#putPod(object);
      case "Service":
        return this.#putService(object);
      case "NetworkPolicy":
        return this.#putPolicy(object);
    }
  }

  /** Forgets an object; false when there was none. `namespace` is ignored for kinds that have none. */
  remove(kind: ObjectKind, namespace: string | undefined, name: string): boolean {
    const key = `${namespace ?? ""}/${name}`;
    switch (kind) {
      case "Namespace":
        return this.#namespaceChanged(this.namespaces.undeclare(name));
      case "Node":
        return this.nodes.delete(name);
      case "Pod":
        return this.#removePod(key);
      case "Service":
        return this.#removeService(key);
      case "NetworkPolicy":
        return this.#removePolicy(key);
    }
  }

  ownerOf(address: Address): PodEntry | undefined {
    return this.#addresses.owner(address.text);
  }

  node(name: string): Node | undefined {
    return this.nodes.get(name);
  }

  nodesAt(address: Address): ReadonlyMap<string, number> | undefined {
    return this.nodes.namesAt(address);
  }

  entryFor(pod: Pod): PodEntry {
    const present = this.#byObject.get(pod);
    if (present !== undefined) return present;
    const key = podKey(pod);
    return this.pods.get(key) ?? this.#imagine(key, pod);
  }

  /** An entry for a pod that the cluster does not hold: what would be, if it did. */
  #imagine(key: string, pod: Pod): PodEntry {
    const entry = new PodEntry(
      key,
      pod,
      this.namespaces.get(pod.namespace) ?? new NamespaceEntry(pod.namespace),
    );
    entry.addresses = pod.addresses;
    entry.policies = byDirection(this.policies.values().filter(({ subject }) => subject.matches(entry)));
    return entry;
  }

  #namespaceChanged(entry: NamespaceEntry | undefined): boolean {
    for (const pod of entry?.pods ?? []) this.selections.refresh(pod);
    return entry !== undefined;
  }

  #putNode(node: Node): boolean {
    if (structurallyEqual(this.nodes.get(node.name), node)) return false;
    this.nodes.set(node);
    return true;
  }

  #putPod(pod: Pod): boolean {
    const key = podKey(pod);
    const known = this.pods.get(key);
    if (known === undefined) {
      const entry = new PodEntry(key, pod, this.namespaces.enter(pod.namespace));
      entry.namespace.pods.add(entry);
      // Before anybody can find it, so that it is filed once, with its addresses.
      this.#claimAddresses(entry);
      this.pods.set(key, entry);
      this.podsByNode.add(entry, pod);
      this.#byObject.set(pod, entry);
      this.namedPorts.add(entry, pod);
      this.selections.addPod(entry);
      return true;
    }
    const old = known.pod;
    if (structurallyEqual(old, pod)) return false;
    this.namedPorts.delete(known, old);
    this.#releaseAddresses(known);
    known.pod = pod;
    if (pod.nodeName !== old.nodeName) {
      this.podsByNode.delete(known, old);
      this.podsByNode.add(known, pod);
    }
    this.#byObject.delete(old);
    this.#byObject.set(pod, known);
    this.namedPorts.add(known, pod);
    this.#claimAddresses(known);
    this.selections.changePod(known, old);
    return true;
  }

  #removePod(key: string): boolean {
    const entry = this.pods.get(key);
    if (entry === undefined) return false;
    this.selections.deletePod(entry);
    this.#releaseAddresses(entry);
    this.namedPorts.delete(entry, entry.pod);
    this.pods.delete(key);
    this.podsByNode.delete(entry, entry.pod);
    this.#byObject.delete(entry.pod);
    entry.namespace.pods.delete(entry);
    this.namespaces.leave(entry.namespace);
    return true;
  }

  #claimAddresses(entry: PodEntry): void {
    if (usesNode(entry.pod)) this.nodes.addHostPod(entry.pod);
    const claimed = isNetworked(entry.pod) ? entry.pod.addresses : [];
    const others = claimed.flatMap(({ text }) => this.#addresses.claim(text, entry));
    this.#settleAddresses(entry);
    for (const other of others) this.#settleAddresses(other);
  }

  #releaseAddresses(entry: PodEntry): void {
    if (usesNode(entry.pod)) this.nodes.deleteHostPod(entry.pod);
    const claimed = isNetworked(entry.pod) ? entry.pod.addresses : [];
    for (const other of claimed.flatMap(({ text }) => this.#addresses.release(text, entry))) {
      this.#settleAddresses(other);
    }
  }

  #settleAddresses(entry: PodEntry): void {
    const { addresses } = entry.pod;
    const kept = isNetworked(entry.pod)
      ? addresses.filter((address, index) => this.ownerOf(address) === entry && isFirst(addresses, index))
      : [];
    // Nearly always all of them, and then not another array.
    const owned = kept.length === addresses.length ? addresses : kept;
    if (structurallyEqual(owned, entry.addresses)) return;
    entry.addresses = owned;
    this.selections.touch(entry);
    if (this.pods.get(entry.key) === entry) this.namedPorts.add(entry, entry.pod);
  }

  #putService(service: Service): boolean {
    const key = objectKey(service);
    const known = this.services.get(key);
    if (structurallyEqual(known, service)) return false;
    if (known === undefined) this.namespaces.enter(service.namespace);
    this.services.set(key, service);
    return true;
  }

  #removeService(key: string): boolean {
    const service = this.services.get(key);
    if (service === undefined) return false;
    this.services.delete(key);
    this.namespaces.leave(this.namespaces.get(service.namespace)!);
    return true;
  }

  #putPolicy(policy: NetworkPolicy): boolean {
    const key = objectKey(policy);
    const known = this.policies.get(key);
    if (structurallyEqual(known?.policy ?? this.staged.get(key), policy)) return false;
    if (policy.staged) return this.#stage(key, policy);
    // The new one first: selections that both use stay as they are.
    const entry = new PolicyEntry(key, policy, this.selections);
    if (known === undefined) this.namespaces.enter(policy.namespace);
    else known.detach(this.selections);
    this.policies.set(key, entry);
    entry.attach();
    if (this.staged.delete(key)) this.namespaces.leave(this.namespaces.get(policy.namespace)!);
    return true;
  }

  /** A name is either in force or staged, never both. */
  #stage(key: string, policy: NetworkPolicy): true {
    this.namespaces.enter(policy.namespace);
    this.#removePolicy(key);
    this.staged.set(key, policy);
    return true;
  }

  #removePolicy(key: string): boolean {
    const entry = this.policies.get(key);
    const policy = entry?.policy ?? this.staged.get(key);
    if (policy === undefined) return false;
    entry?.detach(this.selections);
    this.policies.delete(key);
    this.staged.delete(key);
    this.namespaces.leave(this.namespaces.get(policy.namespace)!);
    return true;
  }

  /** The effective Namespace: with its name label, and implied when only its objects are known. */
  namespace(name: string): Namespace | undefined {
    return this.namespaces.get(name)?.namespace;
  }
}

/** A pod that lends its addresses to its node, because they are the node's. */
const usesNode = (pod: Pod): boolean => pod.hostNetwork && !isFinished(pod);

/** An address that a pod lists twice still counts once. */
const isFirst = (addresses: readonly Address[], index: number): boolean =>
  addresses.findIndex(({ text }) => text === addresses[index]!.text) === index;

function objectKey({ namespace, name }: Service | NetworkPolicy): string {
  return `${namespace}/${name}`;
}
