import type { ClusterState } from "../cluster/cluster-state.ts";
import { policiesOf } from "../cluster/pod-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { PortSet } from "../net/port-set.ts";
import { AddressBlocks } from "./address-blocks.ts";
import { type Classified, classify } from "./classify.ts";
import type { ClassTraits, PeerClass } from "./peer-class.ts";
import { PortSetPool } from "./port-set-pool.ts";
import { RowBuilder, type SideRow } from "./side-row.ts";

/**
 * Who may reach whom on which ports, for a whole cluster at once: a snapshot, by classes of peers that policies treat
 * alike. It is about two different pods; that a pod may always reach itself, and a node its own pods, is left out.
 */
export class Reachability {
  readonly classes: readonly PeerClass[];
  readonly #state: ClusterState;
  readonly #classified: Classified;
  readonly #pool = new PortSetPool();
  readonly #rows: RowBuilder;
  readonly #memo: Readonly<Record<Direction, Map<string, SideRow>>> = {
    Ingress: new Map(),
    Egress: new Map(),
  };
  readonly #rowOf: Readonly<Record<Direction, (SideRow | undefined)[]>> = { Ingress: [], Egress: [] };

  /** @internal `Cluster.reachability()` makes one. */
  constructor(state: ClusterState) {
    const blocks = new AddressBlocks(state);
    this.#state = state;
    this.#classified = classify(state, blocks);
    this.classes = this.#classified.classes;
    this.#rows = new RowBuilder(this.#classified.traits, blocks, this.#pool);
  }

  /** The class of a pod of the cluster; undefined for one that is finished or not in it. */
  classOf(pod: Pod): PeerClass | undefined {
    return this.#classified.byPod.get(this.#state.entryFor(pod));
  }

  /** From any member of the one to any other member of the other. Between two classes of addresses: everything. */
  ports(source: PeerClass, destination: PeerClass): PortSet {
    const egress = this.#rows.towards(this.#row("Egress", source), destination.index);
    if (egress === PortSet.none) return egress;
    return this.#pool.intersect(egress, this.#rows.towards(this.#row("Ingress", destination), source.index));
  }

  /** Every class that may reach the destination, by index, with the ports. Addresses do not reach addresses here. */
  *sources(destination: PeerClass): Iterable<readonly [PeerClass, PortSet]> {
    const ingress = this.#rows.expand(this.#row("Ingress", destination));
    for (const source of this.classes) {
      const inward = ingress[source.index]!;
      if (inward === PortSet.none || (isOutside(source) && isOutside(destination))) continue;
      const egress = this.#rows.towards(this.#row("Egress", source), destination.index);
      const ports = this.#pool.intersect(egress, inward);
      if (ports !== PortSet.none) yield [source, ports];
    }
  }

  /** How many ordered pairs of pods may speak on the port; a pod and itself count as one. */
  countPairs(protocol: FlowProtocol, port: number): number {
    let pairs = 0;
    for (const destination of this.classes) {
      if (isOutside(destination)) continue;
      for (const [source, ports] of this.sources(destination)) {
        if (isOutside(source) || !ports.has(protocol, port)) continue;
        pairs += source.pods.length * destination.pods.length;
        // Itself was counted with the others of its class.
        if (source === destination) pairs -= source.pods.length;
      }
      pairs += destination.pods.length;
    }
    return pairs;
  }

  /** Whether a policy isolates the members in the direction. */
  isIsolated(peer: PeerClass, direction: Direction): boolean {
    const { entry } = this.#traits(peer);
    return entry !== undefined && policiesOf(entry)[direction].length > 0;
  }

  #row(direction: Direction, subject: PeerClass): SideRow {
    const rows = this.#rowOf[direction];
    let row = rows[subject.index];
    if (row === undefined) {
      row = this.#makeRow(direction, this.#traits(subject));
      rows[subject.index] = row;
    }
    return row;
  }

  /** Subjects with the same policies have the same row, as far as families and port names do not tell them apart. */
  #makeRow(direction: Direction, subject: ClassTraits): SideRow {
    const policies = subject.entry === undefined ? [] : policiesOf(subject.entry)[direction];
    const families = `${subject.blocks[4] === undefined ? "" : 4}${subject.blocks[6] === undefined ? "" : 6}`;
    const names = direction === "Ingress" ? subject.portNames : "";
    const key = `${policies.map((policy) => policy.key).join()} ${families} ${names}`;
    const memo = this.#memo[direction];
    let row = memo.get(key);
    if (row === undefined) {
      row = this.#rows.row(direction, policies, subject);
      memo.set(key, row);
    }
    return row;
  }

  #traits(peer: PeerClass): ClassTraits {
    return this.#classified.traits[peer.index]!;
  }
}

const isOutside = ({ pods }: PeerClass): boolean => pods.length === 0;
