import type { Cluster } from "../cluster/cluster.ts";
import { resolveSides } from "../cluster/resolve-flow.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import type { Reachability } from "../reach/reachability.ts";
import { explainSide } from "../verdict/explain.ts";
import type { DirectionVerdict, Endpoint, Flow } from "../verdict/verdict.ts";
import { AlikeOthers } from "./alike-others.ts";
import type { Cause } from "./cause.ts";
import { type PairedClass, strangerIn } from "./paired-classes.ts";
import { PolicyFates } from "./policy-fates.ts";

/** Finds the policies that are responsible for changes: it asks both states about a flow and compares their reasons. */
export class Responsibility {
  readonly #before: Cluster;
  readonly #after: Cluster;
  readonly #fates: PolicyFates;
  readonly #alike: Readonly<Record<"before" | "after", AlikeOthers>>;
  readonly #rows: Readonly<Record<Direction, (Row | undefined)[]>> = { Ingress: [], Egress: [] };
  readonly #rowsByText = new Map<string, Row>();
  /** By the indexes of the classes. */
  readonly #apart: Readonly<Record<Direction, Map<number, Found>>> = {
    Ingress: new Map(),
    Egress: new Map(),
  };
  readonly #lists = new Map<string, readonly Cause[]>();
  readonly #pairs = new Map<readonly Cause[], Map<readonly Cause[], readonly Cause[]>>();
  readonly #ids = new Map<NetworkPolicy, number>();
  readonly #ends = new Map<PairedClass, readonly Ends[]>();

  constructor(before: Cluster, after: Cluster, was: Reachability, is: Reachability) {
    this.#before = before;
    this.#after = after;
    this.#alike = {
      before: new AlikeOthers(before.indexes(), was),
      after: new AlikeOthers(after.indexes(), is),
    };
    this.#fates = new PolicyFates(before, after);
  }

  /**
   * Why these ports opened, or closed, from members of the one class to members of the other; equal lists are one object.
   * Egress before ingress. Empty when only a node's right to reach its own pods is in question.
   */
  of(
    source: PairedClass,
    destination: PairedClass,
    ports: PortSet,
    what: "opened" | "closed",
  ): readonly Cause[] {
    const egress = this.#side("Egress", source, destination, ports, what);
    const ingress = this.#side("Ingress", destination, source, ports, what);
    if (egress.length === 0) return ingress;
    return ingress.length === 0 ? egress : this.#both(egress, ingress);
  }

  #both(egress: readonly Cause[], ingress: readonly Cause[]): readonly Cause[] {
    const known = entryOf(this.#pairs, egress, () => new Map<readonly Cause[], readonly Cause[]>());
    return entryOf(known, ingress, () => this.#intern([...egress, ...ingress]));
  }

  /** One side's reasons are the same for all subjects with the same policies. */
  #side(
    direction: Direction,
    subject: PairedClass,
    other: PairedClass,
    ports: PortSet,
    what: "opened" | "closed",
  ): readonly Cause[] {
    if (subject.pairs.length === 0) return none;
    const answers = this.#answers(direction, subject, other)[what];
    for (const answer of answers) if (answer.ports === ports) return answer.causes;
    const causes = this.#intern(this.#find(direction, subject, other, ports, what));
    answers.push({ ports, causes });
    return causes;
  }

  /** What was found for subjects of one row and others that are alike in both states. */
  #answers(direction: Direction, subject: PairedClass, other: PairedClass): Found {
    // Which node a subject is on tells it apart from others of its row, where a node may be asking.
    if (this.#mayBeNode(other))
      return entryOf(this.#apart[direction], pairKey(subject.index, other.index), nothingFound);
    const row = this.#row(direction, subject);
    const key =
      other.pairs.length === 0
        ? -1 - other.index
        : pairKey(row.before[other.before.index]!, row.after[other.after.index]!);
    return entryOf(row.found, key, nothingFound);
  }

  #mayBeNode(other: PairedClass): boolean {
    if (other.pairs.length > 0) return other.before.hostNetwork || other.after.hostNetwork;
    const { address } = this.#endsOf(other)[0]!.before;
    return [this.#before, this.#after].some((cluster) => cluster.nodeByAddress(address!) !== undefined);
  }

  #find(
    direction: Direction,
    subject: PairedClass,
    other: PairedClass,
    ports: PortSet,
    what: "opened" | "closed",
  ): Cause[] {
    const [source, destination] = direction === "Egress" ? [subject, other] : [other, subject];
    const ask = this.#asker(direction, source, destination);
    const causes: Cause[] = [];
    let left = ports;
    while (!left.isEmpty) {
      const port = someOf(left);
      const [was, is] = [ask(this.#before, "before", port), ask(this.#after, "after", port)];
      // The verdict of the state that allows tells for which ports the same holds.
      const [allowing, denying] = what === "opened" ? [is, was] : [was, is];
      const covered = coverage(denying.allowed ? denying : allowing, port);
      if (!denying.allowed && allowing.allowed)
        causes.push(...this.#compare(direction, allowing, denying, what));
      if (covered.isAll) break;
      left = left.subtract(covered);
    }
    return causes;
  }

  #compare(
    direction: Direction,
    allowing: DirectionVerdict,
    denying: DirectionVerdict,
    what: "opened" | "closed",
  ): Cause[] {
    const { allowedBy, reason } = allowing;
    if (allowedBy !== undefined) {
      const { policy, rule } = allowedBy;
      const effect = what === "opened" ? "allows" : "allowed";
      return [{ direction, effect, policy, rule, fate: this.#fates.of(policy) }];
    }
    if (reason !== "not-isolated") return [{ direction, effect: "exempt", fate: "unchanged" }];
    const effect = what === "opened" ? "isolated" : "isolates";
    const all = denying.isolatedBy.map(
      (policy): Cause => ({ direction, effect, policy, fate: this.#fates.of(policy) }),
    );
    // A policy that is the same as before is to blame only when no other is.
    const touched = all.filter(({ fate }) => fate !== "unchanged");
    return touched.length === 0 ? all : touched;
  }

  /** Asks about two different members, on no common node if there are such. */
  #asker(direction: Direction, source: PairedClass, destination: PairedClass) {
    const [from, to] = this.#representatives(source, destination);
    return (cluster: Cluster, state: "before" | "after", port: Pick<Flow, "protocol" | "port">) => {
      const sides = resolveSides(cluster.indexes(), { source: from[state], destination: to[state] });
      return explainSide(direction, { ...sides, ...port });
    };
  }

  #representatives(source: PairedClass, destination: PairedClass): readonly [Ends, Ends] {
    const [sources, destinations] = [this.#endsOf(source), this.#endsOf(destination)];
    let chosen: readonly [Ends, Ends] | undefined;
    for (const from of sources) {
      for (const to of destinations) {
        if (!isExempt(from.before.pod, to.before.pod) && !isExempt(from.after.pod, to.after.pod))
          return [from, to];
        if (chosen === undefined || from !== to) chosen = [from, to];
      }
    }
    return chosen!;
  }

  #endsOf(peers: PairedClass): readonly Ends[] {
    return entryOf(this.#ends, peers, () => {
      if (peers.pairs.length > 0)
        return peers.pairs
          .slice(0, triedMembers)
          .map(({ before, after }) => ({ before: { pod: before }, after: { pod: after } }));
      const address = { address: strangerIn(peers.ranges, [this.#before, this.#after]) };
      return [{ before: address, after: address }];
    });
  }

  /** Subjects of one row are treated alike in the direction, in both states. */
  #row(direction: Direction, subject: PairedClass): Row {
    const rows = this.#rows[direction];
    let row = rows[subject.index];
    if (row === undefined) {
      const { before: was, after: is } = this.#alike;
      const { before, after } = subject.pairs[0]!;
      const texts = [was.rowOf(direction, before, subject.before), is.rowOf(direction, after, subject.after)];
      row = entryOf(this.#rowsByText, `${direction} ${texts.join(" then ")}`, () => ({
        before: was.numbers(direction, before),
        after: is.numbers(direction, after),
        found: new Map<number, Found>(),
      }));
      rows[subject.index] = row;
    }
    return row;
  }

  #id(policy: NetworkPolicy): number {
    return entryOf(this.#ids, policy, () => this.#ids.size);
  }

  #intern(causes: readonly Cause[]): readonly Cause[] {
    if (causes.length === 0) return none;
    const distinct = new Map(
      causes.map((cause) => {
        const policy = cause.policy === undefined ? "" : this.#id(cause.policy);
        return [`${cause.direction} ${cause.effect} ${policy} ${cause.rule ?? ""}`, cause];
      }),
    );
    return entryOf(this.#lists, [...distinct.keys()].join(";"), () => [...distinct.values()]);
  }
}

/** One pair of classes changes in few sets of ports, and callers have one object for each. */
type Answers = { readonly ports: PortSet; readonly causes: readonly Cause[] }[];

interface Found {
  readonly opened: Answers;
  readonly closed: Answers;
}

const nothingFound = (): Found => ({ opened: [], closed: [] });

/** There are fewer than 2^26 of either. */
const pairKey = (a: number, b: number): number => a * 0x4000000 + b;

interface Ends {
  readonly before: Endpoint;
  readonly after: Endpoint;
}

/** Members of a class that are tried to find two that no node exempts. */
const triedMembers = 8;

const none: readonly Cause[] = [];

/** Subjects that policies treat alike in a direction, and what was found about them. */
interface Row {
  /** As `AlikeOthers.numbers` has it, of each state. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** By what others have in common; addresses by themselves. */
  readonly found: Map<number, Found>;
}

/** A pod may always reach itself and a node its own pods, so that such flows say nothing of policies. */
function isExempt(source: Pod | undefined, destination: Pod | undefined): boolean {
  if (source === undefined || destination === undefined) return false;
  if (source === destination) return source.workload === undefined || source.workload.replicas === 1;
  return source.hostNetwork && source.nodeName !== undefined && source.nodeName === destination.nodeName;
}

function someOf({ ranges }: PortSet): Pick<Flow, "protocol" | "port"> {
  const [first] = ranges;
  return first === undefined ? { protocol: "ICMP", port: 0 } : { protocol: first.protocol, port: first.from };
}

/** Ports of which the same verdict, by the same rule, is certain. */
function coverage({ allowedBy }: DirectionVerdict, asked: Pick<Flow, "protocol" | "port">): PortSet {
  const matched = allowedBy?.port;
  if (matched === undefined) return PortSet.all;
  const { protocol, port, endPort } = matched;
  if (port === undefined) return PortSet.of([{ protocol, from: 1, to: 65535 }]);
  const from = typeof port === "number" ? port : asked.port;
  return PortSet.of([{ protocol, from, to: typeof port === "number" ? (endPort ?? port) : asked.port }]);
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
