import type { ClusterState } from "../cluster/cluster-state.ts";
import { policiesOf } from "../cluster/pod-entry.ts";
import type { PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import { AddressBlocks } from "../reach/address-blocks.ts";
import { type Classified, classify } from "../reach/classify.ts";
import type { ClassTraits, PeerClass } from "../reach/peer-class.ts";
import { PortSetPool } from "../reach/port-set-pool.ts";
import { RowBuilder, type SideRow } from "../reach/side-row.ts";
import type { LintContext } from "./lint-context.ts";

/** What rules allow for the pods that are there, and the addresses outside: by classes of peers that are treated alike. */
export class Effects {
  readonly classes: readonly PeerClass[];
  readonly #state: ClusterState;
  readonly #classified: Classified;
  readonly #rows: RowBuilder;
  readonly #pool = new PortSetPool();
  readonly #memo = new Map<string, SideRow>();
  readonly #signatures: Readonly<Record<Direction, string[]>> = { Ingress: [], Egress: [] };
  readonly #differences = new Map<PortSet, Map<PortSet, PortSet>>();
  readonly #ruleRows = new Map<RuleEntry, Map<string, SideRow>>();
  readonly #subjects = new Map<PolicyEntry, readonly PeerClass[]>();

  constructor({ state }: LintContext) {
    this.#state = state;
    const blocks = new AddressBlocks(state);
    this.#classified = classify(state, blocks);
    this.classes = this.#classified.classes;
    this.#rows = new RowBuilder(this.#classified.traits, blocks, this.#pool);
  }

  /** The class of a pod; undefined for one that is finished or not in the cluster. */
  classOf(pod: Pod): PeerClass | undefined {
    return this.#classified.byPod.get(this.#state.entryFor(pod));
  }

  /** The classes of the pods that a policy selects. */
  subjects(policy: PolicyEntry): readonly PeerClass[] {
    let known = this.#subjects.get(policy);
    if (known === undefined) {
      const classes = new Set<PeerClass>();
      for (const entry of policy.subject.members) {
        const own = this.#classified.byPod.get(entry);
        if (own !== undefined) classes.add(own);
      }
      known = [...classes];
      this.#subjects.set(policy, known);
    }
    return known;
  }

  /** The policies that isolate the members of a class in a direction. */
  policies(subject: PeerClass, direction: Direction): readonly PolicyEntry[] {
    const { entry } = this.#traits(subject);
    return entry === undefined ? [] : policiesOf(entry)[direction];
  }

  /** What a side allows towards another class with the policies that there are. */
  towards(direction: Direction, subject: PeerClass, other: PeerClass): PortSet {
    return this.#rows.towards(this.#rowOf(direction, subject), other.index);
  }

  /** Of the classes that a rule of a subject matches, those for which `test` gives true; stops at the first. */
  some(
    direction: Direction,
    subject: PeerClass,
    rule: RuleEntry,
    test: (other: PeerClass, ports: PortSet) => boolean,
  ): boolean {
    const row = this.#ruleRow(direction, rule, subject);
    for (const index of this.#membersOf(row)) {
      const ports = this.#rows.towards(row, index);
      if (ports !== PortSet.none && test(this.classes[index]!, ports)) return true;
    }
    return false;
  }

  /** Whether the rules `by` allow a subject all that the rule does. */
  covers(direction: Direction, subject: PeerClass, rule: RuleEntry, by: readonly RuleEntry[]): boolean {
    if (by.length === 0) return false;
    return !this.some(direction, subject, rule, (other, ports) => {
      let left = ports;
      for (const each of by) {
        if (left.isEmpty) return false;
        const allowed = this.#rows.towards(this.#ruleRow(direction, each, subject), other.index);
        if (allowed !== PortSet.none) left = this.#less(left, allowed);
      }
      return !left.isEmpty;
    });
  }

  /** The same few differences are asked for over and over. */
  #less(ports: PortSet, other: PortSet): PortSet {
    if (ports === other || other.isAll) return PortSet.none;
    let known = this.#differences.get(ports);
    if (known === undefined) {
      known = new Map();
      this.#differences.set(ports, known);
    }
    let left = known.get(other);
    if (left === undefined) {
      left = ports.subtract(other);
      known.set(other, left);
    }
    return left;
  }

  /** A row without parts is the same everywhere: of the others only members of the parts can differ. */
  *#membersOf({ base, parts }: SideRow): Iterable<number> {
    if (base !== PortSet.none) {
      for (const { index } of this.classes) yield index;
      return;
    }
    for (const { members } of parts) yield* members.list;
  }

  /** Equal for subjects that the same policies isolate, and that these allow the same. */
  signature(direction: Direction, subject: PeerClass): string {
    const known = this.#signatures[direction];
    let text = known[subject.index];
    if (text === undefined) {
      const policies = this.policies(subject, direction).map(({ key }) => key);
      text = `${direction} ${policies.join()} ${this.#nature(direction, subject)}`;
      known[subject.index] = text;
    }
    return text;
  }

  #rowOf(direction: Direction, subject: PeerClass): SideRow {
    const key = this.signature(direction, subject);
    let row = this.#memo.get(key);
    if (row === undefined) {
      row = this.#rows.row(direction, this.policies(subject, direction), this.#traits(subject));
      this.#memo.set(key, row);
    }
    return row;
  }

  /** What one rule allows; remembered, because a rule is held against many others. */
  #ruleRow(direction: Direction, rule: RuleEntry, subject: PeerClass): SideRow {
    const key = this.#nature(direction, subject);
    let known = this.#ruleRows.get(rule);
    if (known === undefined) {
      known = new Map();
      this.#ruleRows.set(rule, known);
    }
    let row = known.get(key);
    if (row === undefined) {
      const only = [{ rules: { Ingress: [rule], Egress: [rule] } }];
      row = this.#rows.row(direction, only, this.#traits(subject));
      known.set(key, row);
    }
    return row;
  }

  /** What beside policies decides what a rule allows a subject: its address families, and its own port names. */
  #nature(direction: Direction, subject: PeerClass): string {
    const { blocks, portNames } = this.#traits(subject);
    const families = `${blocks[4] === undefined ? "" : 4}${blocks[6] === undefined ? "" : 6}`;
    return `${families} ${direction === "Ingress" ? portNames : ""}`;
  }

  #traits(peer: PeerClass): ClassTraits {
    return this.#classified.traits[peer.index]!;
  }
}

export const effects = (context: LintContext): Effects => new Effects(context);
