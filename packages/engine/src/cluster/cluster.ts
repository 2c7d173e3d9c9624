import type { NetworkPolicy } from "../model/network-policy.ts";
import type { ClusterObject, Namespace, Node, ObjectKind, Pod, Service } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { PortSet } from "../net/port-set.ts";
import { type LocalPods, ProgramCompiler } from "../program/compile.ts";
import type { Program } from "../program/program.ts";
import { Reachability } from "../reach/reachability.ts";
import { allowedPorts } from "../verdict/allowed-ports.ts";
import { evaluate, type Question } from "../verdict/evaluate.ts";
import { explain } from "../verdict/explain.ts";
import type { Endpoint, Flow, Verdict } from "../verdict/verdict.ts";
import { ClusterState } from "./cluster-state.ts";
import { policiesOf } from "./pod-entry.ts";
import { endpointOf, resolveSides } from "./resolve-flow.ts";

export interface EvaluateOptions {
  /** Judge as if the staged policies were in force beside the others (default false). */
  readonly staged?: boolean;
}

/**
 * A cluster that can be changed one object at a time and asked at any time. Objects may come in any order: a policy
 * before its pods, a pod before its namespace. Every answer depends on the present objects only.
 */
export class Cluster {
  readonly #state = new ClusterState();
  readonly #compiler = new ProgramCompiler(this.#state);
  #revision = 0;

  /** Grows by one with every change, and only then. */
  get revision(): number {
    return this.#revision;
  }

  /** Adds an object or replaces the one of its name. An object that is equal to the present one changes nothing. */
  upsert(object: ClusterObject): void {
    if (this.#state.put(object)) this.#revision++;
  }

  /**
   * Removes an object; false when there was none. `namespace` is undefined for Namespace and Node; the name of a Pod that
   * stands for a workload is `Kind/name`.
   */
  delete(kind: ObjectKind, namespace: string | undefined, name: string): boolean {
    const removed = this.#state.remove(kind, namespace, name);
    if (removed) this.#revision++;
    return removed;
  }

  /**
   * A Namespace exists as soon as an object lies in it, and always carries its `kubernetes.io/metadata.name`. Names as for
   * `delete`.
   */
  get<K extends ObjectKind>(
    kind: K,
    namespace: string | undefined,
    name: string,
  ): Extract<ClusterObject, { kind: K }> | undefined;
  get(kind: ObjectKind, namespace: string | undefined, name: string): ClusterObject | undefined {
    const key = `${namespace ?? ""}/${name}`;
    switch (kind) {
      case "Namespace":
        return this.#state.namespace(name);
      case "Node":
        return this.#state.node(name);
      case "Pod":
        return this.#state.pods.get(key)?.pod;
      case "Service":
        return this.#state.services.get(key);
      case "NetworkPolicy":
        return this.#state.policies.get(key)?.policy ?? this.#state.staged.get(key);
    }
  }

  /** By name, implied ones included. */
  namespaces(): readonly Namespace[] {
    return this.#state.namespaces.list();
  }

  /** By name. */
  nodes(): readonly Node[] {
    return this.#state.nodes.list();
  }

  /** By `namespace/name`; of one namespace when it is given. */
  pods(namespace?: string): readonly Pod[] {
    const entries =
      namespace === undefined
        ? this.#state.pods.values()
        : [...(this.#state.namespaces.get(namespace)?.pods ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
    return entries.map(({ pod }) => pod);
  }

  /** By `namespace/name`. */
  services(): readonly Service[] {
    return this.#state.services.values();
  }

  /** Those in force, by `namespace/name`. */
  policies(): readonly NetworkPolicy[] {
    return this.#state.policies.values().map(({ policy }) => policy);
  }

  /** Those that are kept but not in force, by `namespace/name`. Nothing but a question that asks for them sees them. */
  stagedPolicies(): readonly NetworkPolicy[] {
    return this.#state.staged.list();
  }

  /** Whether there is any staged policy: cheap. */
  get hasStaged(): boolean {
    return this.#state.staged.size > 0;
  }

  /** The policies that isolate the pod in at least one direction, by name. */
  policiesSelecting(pod: Pod): readonly NetworkPolicy[] {
    const { Ingress, Egress } = policiesOf(this.#state.entryFor(pod));
    const keyed = new Map([...Ingress, ...Egress].map(({ key, policy }) => [key, policy]));
    return [...keyed.keys()].sort().map((key) => keyed.get(key)!);
  }

  /** The pod on the pod network that owns the address; never a hostNetwork or finished pod. */
  podByAddress(address: Address): Pod | undefined {
    return this.#state.ownerOf(address)?.pod;
  }

  /** The node that has the address; the first by name if several do. */
  nodeByAddress(address: Address): Node | undefined {
    const names = [...(this.#state.nodesAt(address)?.keys() ?? [])].sort();
    return names.map((name) => this.#state.node(name)).find((node) => node !== undefined);
  }

  /**
   * The flow with both endpoints completed: a bare address that belongs to a pod becomes that pod, and a pod without a
   * chosen address gets one of the family that both sides have, IPv4 first.
   */
  resolve(flow: Flow): Flow {
    const { source, destination } = resolveSides(this.#state, flow);
    return { ...flow, source: endpointOf(source), destination: endpointOf(destination) };
  }

  /** May the flow pass, and why. The verdict's flow is the resolved one. */
  evaluate(flow: Flow, options: EvaluateOptions = {}): Verdict {
    return explain(this.#question(flow, options));
  }

  /** `evaluate(flow).allowed`, without the explanation and its cost. */
  allows(flow: Flow, options: EvaluateOptions = {}): boolean {
    return evaluate(this.#question(flow, options));
  }

  /** Every port of every protocol for which `allows` would be true. */
  allowedPorts(source: Endpoint, destination: Endpoint): PortSet {
    const sides = resolveSides(this.#state, { source, destination });
    return allowedPorts(sides.source, sides.destination);
  }

  /** Who may reach whom on which ports, all at once, as the cluster is now. */
  reachability(): Reachability {
    return new Reachability(this.#state);
  }

  /**
   * What a data plane has to enforce for the local pods. Parts that did not change since the previous call are the same
   * objects as before; for the pods of a node it costs what has changed for them, however many pods there are elsewhere.
   */
  program(local: LocalPods): Program {
    return this.#compiler.compile(local);
  }

  /** @internal What the cluster is made of, for rooms of the engine that look at all of it. Not to be changed. */
  indexes(): ClusterState {
    return this.#state;
  }

  #question(flow: Flow, { staged = false }: EvaluateOptions): Question {
    const { source, destination } = resolveSides(this.#state, flow);
    const { protocol, port } = flow;
    return { source, destination, protocol, port, staged: staged ? this.#state.staged : undefined };
  }
}
