import type { Cluster } from "../cluster/cluster.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import type { NetworkPolicy, PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { type PortRange, PortSet } from "../net/port-set.ts";

/** The ports that a cluster's objects mention, which are those that a recording is about. */
export class UsedPorts {
  readonly #cluster: Cluster;
  readonly #policies: readonly NetworkPolicy[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#policies = cluster.policies();
  }

  /**
   * Those that the pods' containers declare, and those that ingress rules of their policies name; else those that any
   * policy names by number; else every port.
   */
  at(pods: readonly Pod[]): PortSet {
    const declared = pods.flatMap(({ ports }) =>
      ports.map(({ protocol, port }): PortRange => ({ protocol, from: port, to: port })),
    );
    const rules = this.#cluster.policiesSelecting(pods[0]!).flatMap(({ ingress }) => ingress);
    const named = rules.flatMap(({ ports }) => ports.flatMap((port) => rangesAt(port, pods)));
    const own = PortSet.of([...declared, ...named]);
    return own.isEmpty ? this.#numbers((policy) => [...policy.ingress, ...policy.egress]) : own;
  }

  /** Of addresses outside: those that egress rules name by number; else every port. */
  outside(): PortSet {
    return this.#numbers(({ egress }) => egress);
  }

  #numbers(rulesOf: (policy: NetworkPolicy) => NetworkPolicy["ingress"]): PortSet {
    const ports = this.#policies.flatMap((policy) => rulesOf(policy).flatMap((rule) => rule.ports));
    const numbers = PortSet.of(ports.flatMap((port) => rangesAt(port, [])));
    return numbers.isEmpty ? PortSet.all : numbers;
  }
}

/** A rule about a whole protocol names no port. */
function rangesAt({ protocol, port, endPort }: PolicyPort, pods: readonly Pod[]): PortRange[] {
  if (port === undefined) return [];
  if (typeof port === "number") return [{ protocol, from: port, to: endPort ?? port }];
  return pods.flatMap((pod) =>
    portNumbers(pod, protocol, port).map((number) => ({ protocol, from: number, to: number })),
  );
}
