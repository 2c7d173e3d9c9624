import type { ClusterState } from "../cluster/cluster-state.ts";
import { policiesOf } from "../cluster/pod-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import { groupBy } from "../group-by.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { PortSet } from "../net/port-set.ts";
import { AddressBlocks } from "./address-blocks.ts";
import { type Classified, classify } from "./classify.ts";
import { countPairs } from "./count-pairs.ts";
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
  #egress: readonly EgressGroup[] | undefined;
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

  /** What the policies of each side alone allow, between any member of the one and any other member of the other. */
  sides(source: PeerClass, destination: PeerClass): Readonly<Record<Direction, PortSet>> {
    return {
      Egress: this.#rows.towards(this.#row("Egress", source), destination.index),
      Ingress: this.#rows.towards(this.#row("Ingress", destination), source.index),
    };
  }

  /** Every class that may reach the destination, by index, with the ports. Addresses do not reach addresses here. */
  *sources(destination: PeerClass): Iterable<readonly [PeerClass, PortSet]> {
    for (const [index, ports] of this.portsFrom(destination).entries()) {
      const source = this.classes[index]!;
      if (ports === PortSet.none || (isOutside(source) && isOutside(destination))) continue;
      yield [source, ports];
    }
  }

  /**
   * At which ports the members of each class, at its index, may reach the destination: `ports` for all classes at once.
   * Equal sets are one object.
   */
  portsFrom(destination: PeerClass): readonly PortSet[] {
    const all = this.#rows.expand(this.#row("Ingress", destination));
    for (const { row, subjects } of this.#egressGroups()) {
      const egress = this.#rows.towards(row, destination.index);
      if (egress === PortSet.all) continue;
      for (const index of subjects) {
        const inward = all[index]!;
        if (inward !== PortSet.none) all[index] = this.#pool.intersect(egress, inward);
      }
    }
    return all;
  }

  /** How many ordered pairs of pods may speak on the port; a pod and itself count as one. */
  countPairs(protocol: FlowProtocol, port: number): number {
    return this.countPairsWithin(
      protocol === "ICMP" ? PortSet.icmp : PortSet.of([{ protocol, from: port, to: port }]),
    );
  }

  /** How many ordered pairs of pods may speak on at least one of the ports; a pod and itself count as one. */
  countPairsWithin(ports: PortSet): number {
    return countPairs(
      {
        classes: this.classes,
        ingress: this.classes.map((each) => this.#row("Ingress", each)),
        egress: this.classes.map((each) => this.#row("Egress", each)),
        between: (source, destination) => this.ports(source, destination),
      },
      ports,
      this.#pool,
    );
  }

  /** @internal The classes whose pods are in the selection, by index. */
  classesIn(selection: Selection): readonly number[] {
    return this.#rows.classesIn(selection);
  }

  /** @internal What the members have in common. */
  traitsOf(peer: PeerClass): ClassTraits {
    return this.#classified.traits[peer.index]!;
  }

  /** Whether a policy isolates the members in the direction. */
  isIsolated(peer: PeerClass, direction: Direction): boolean {
    return this.isolating(peer, direction).length > 0;
  }

  /** The policies that isolate the members in the direction, by name. */
  isolating(peer: PeerClass, direction: Direction): readonly NetworkPolicy[] {
    const { entry } = this.traitsOf(peer);
    return entry === undefined ? [] : policiesOf(entry)[direction].map(({ policy }) => policy);
  }

  /** The classes whose egress is restricted, by what restricts it. */
  #egressGroups(): readonly EgressGroup[] {
    if (this.#egress === undefined) {
      const rowOf = (each: PeerClass) => this.#row("Egress", each);
      const restricted = this.classes.filter((each) => rowOf(each).base !== PortSet.all);
      this.#egress = [...groupBy(restricted, rowOf)].map(([row, members]) => ({
        row,
        subjects: members.map(({ index }) => index),
      }));
    }
    return this.#egress;
  }

  #row(direction: Direction, subject: PeerClass): SideRow {
    const rows = this.#rowOf[direction];
    let row = rows[subject.index];
    if (row === undefined) {
      row = this.#makeRow(direction, this.traitsOf(subject));
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
}

interface EgressGroup {
  readonly row: SideRow;
  readonly subjects: readonly number[];
}

const isOutside = ({ pods }: PeerClass): boolean => pods.length === 0;
