import type { Cluster } from "../../cluster/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { Protocol } from "../../model/protocol.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { FlowJudge } from "../flow-judge.ts";
import { flowProtocol } from "../flow-protocol.ts";
import type { FlowRecord } from "../flow-record.ts";
import type { RecordedEnd } from "../recorded-ends.ts";
import type { FlowCount } from "../replay.ts";
import type { Group, Workloads } from "./workloads.ts";

/** Whom a workload has to reach or let in: a workload, or an address that is no pod's. */
export type NeededPeer =
  | { readonly kind: "group"; readonly group: Group }
  | { readonly kind: "block"; readonly cidr: Cidr };

export interface NeededPort {
  /** `any` for what no port of a policy can name, ICMP among it. */
  readonly protocol: Protocol | "any";
  /** 0 for `any`. */
  readonly port: number;
}

/** What one side of recorded flows needs: connections with a peer at a port. */
export interface Need extends FlowCount {
  readonly peer: NeededPeer;
  readonly port: NeededPort;
}

/** Of one workload, in one direction. */
export interface SideNeeds {
  /** By peer and port. */
  readonly needs: readonly Need[];
  /** Those of them that policies in force allow already, in full. */
  readonly covered: ReadonlySet<Need>;
  /** Whether a flow of this side met no policy: one that isolates would be the first. */
  readonly open: boolean;
  /** Whether policies in force deny a flow of this side. */
  readonly denied: boolean;
}

/** Gathers what recorded flows need, by workload and direction. */
export class Needs {
  readonly #workloads: Workloads;
  readonly #judge: FlowJudge;
  readonly #widen: (address: Address) => Cidr;
  readonly #sides = new Map<string, GatheredSide>();
  readonly #groups = new Map<string, Group>();

  /**
   * The policies of `cluster` are those that may allow a flow already. `widen` gives the prefix that an address which is
   * no pod's stands for: its own, or a wider one.
   */
  constructor(cluster: Cluster, workloads: Workloads, widen: (address: Address) => Cidr) {
    this.#workloads = workloads;
    this.#widen = widen;
    this.#judge = new FlowJudge(cluster);
  }

  /** Takes in a flow that passed. Gives why it cannot, where it cannot. */
  add(record: FlowRecord): string | undefined {
    const judgement = this.#judge.judge(record);
    if (judgement.kind === "own-node") return undefined;
    if (judgement.kind === "unknown") return judgement.because;
    const { verdict } = judgement;
    if (verdict.egress.reason === "self") return undefined;
    const source = this.#peer(judgement.source, record.source.address);
    const destination = this.#peer(judgement.destination, record.destination.address);
    const port = portOf(record);
    this.#need("Egress", source, destination, port, verdict, record);
    this.#need("Ingress", destination, source, port, verdict, record);
    return undefined;
  }

  /** The workloads that took part in a flow, by namespace and name. */
  groups(): readonly Group[] {
    return [...this.#groups.keys()].sort().map((key) => this.#groups.get(key)!);
  }

  of(group: Group, direction: Direction): SideNeeds {
    return this.#sides.get(sideKey(group, direction))?.value() ?? nothingNeeded;
  }

  #peer(end: RecordedEnd, address: string): NeededPeer {
    const known = end.kind === "pods" ? end.choices[0]!.known : undefined;
    const group = known && this.#workloads.groupOf(known);
    return group === undefined
      ? { kind: "block", cidr: this.#widen(parseAddress(address)!) }
      : { kind: "group", group };
  }

  #need(
    direction: Direction,
    subject: NeededPeer,
    peer: NeededPeer,
    port: NeededPort,
    verdict: Verdict,
    record: FlowRecord,
  ): void {
    if (subject.kind !== "group") return;
    const { reason } = direction === "Ingress" ? verdict.ingress : verdict.egress;
    this.#groups.set(subject.group.key, subject.group);
    // Its own node reaches a pod whatever its policies say.
    if (reason === "node") return;
    const key = sideKey(subject.group, direction);
    const side = this.#sides.get(key) ?? new GatheredSide();
    this.#sides.set(key, side);
    side.add(peer, port, record.count, reason === "rule");
    if (reason === "not-isolated") side.open = true;
    if (reason === "no-match") side.denied = true;
  }
}

class GatheredSide {
  readonly #needs = new Map<string, Need>();
  /** Needs of which some flow is not allowed by a rule. */
  readonly #uncovered = new Set<string>();
  open = false;
  denied = false;

  add(peer: NeededPeer, port: NeededPort, connections: number, isCovered: boolean): void {
    const key = `${peerKey(peer)} ${port.protocol} ${String(port.port).padStart(5, "0")}`;
    const known = this.#needs.get(key) ?? { peer, port, flows: 0, connections: 0 };
    this.#needs.set(key, {
      ...known,
      flows: known.flows + 1,
      connections: Math.min(Number.MAX_SAFE_INTEGER, known.connections + connections),
    });
    if (!isCovered) this.#uncovered.add(key);
  }

  value(): SideNeeds {
    const keys = [...this.#needs.keys()].sort();
    const needs = keys.map((key) => this.#needs.get(key)!);
    const covered = needs.filter((_, index) => !this.#uncovered.has(keys[index]!));
    return { needs, covered: new Set(covered), open: this.open, denied: this.denied };
  }
}

const nothingNeeded: SideNeeds = { needs: [], covered: new Set(), open: false, denied: false };

/** Pods before addresses. */
export function peerKey(peer: NeededPeer): string {
  return peer.kind === "group" ? `a ${peer.group.key}` : `b ${peer.cidr.text}`;
}

function portOf({ protocol, port }: FlowRecord): NeededPort {
  const known = flowProtocol(protocol);
  return known === "ICMP" ? { protocol: "any", port: 0 } : { protocol: known, port };
}

const sideKey = (group: Group, direction: Direction): string => `${group.key} ${direction}`;
