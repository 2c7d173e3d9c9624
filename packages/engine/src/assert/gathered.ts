import type { PortSet } from "../net/port-set.ts";
import { assertionPortText } from "./parse-port.ts";
import type { RecordedPeer } from "./recorded-peer.ts";

/** An assertion that holds in the cluster that it was recorded of. */
export interface RecordedAssertion {
  readonly from: readonly RecordedPeer[];
  readonly to: readonly RecordedPeer[];
  /** As assertions write them. */
  readonly ports: readonly string[];
  readonly expect: "allow" | "deny";
  /** The policies that decide it. */
  readonly why: string;
}

/** What was found of some sources and some destinations. */
export interface Fact {
  readonly expect: "allow" | "deny";
  readonly ports: PortSet;
  /** Names of policies. */
  readonly why: readonly string[];
}

/** Policies that a reason names; the rest is counted. */
const mostNamed = 6;

/** Puts facts together: first all sources of a destination, then destinations with the same sources. */
export class Gathered {
  readonly #facts = new Map<
    string,
    { readonly fact: Fact; readonly to: readonly RecordedPeer[]; readonly from: Sides }
  >();

  add(fact: Fact, from: readonly RecordedPeer[], to: readonly RecordedPeer[]): void {
    const key = `${fact.expect} ${fact.ports.key} ${JSON.stringify(to)}`;
    const known = this.#facts.get(key) ?? { fact, to, from: new Sides() };
    this.#facts.set(key, known);
    known.from.add(from, fact.why);
  }

  /** In the order of the first destination and source of each. */
  assertions(): readonly RecordedAssertion[] {
    const merged = new Map<string, { readonly fact: Fact; readonly from: Sides; readonly to: Sides }>();
    for (const { fact, from, to } of this.#facts.values()) {
      const key = `${fact.expect} ${fact.ports.key} ${JSON.stringify(from.peers)}`;
      const known = merged.get(key) ?? { fact, from, to: new Sides() };
      merged.set(key, known);
      known.to.add(to, [...from.why]);
    }
    return [...merged.values()].map(({ fact, from, to }) => ({
      from: from.peers,
      to: to.peers,
      ports: portTexts(fact.ports),
      expect: fact.expect,
      why: reasonText(fact.expect, [...to.why].sort()),
    }));
  }
}

/** Peers in the order of coming, and the policies that matter to them. */
class Sides {
  readonly peers: RecordedPeer[] = [];
  readonly why = new Set<string>();

  add(peers: readonly RecordedPeer[], why: readonly string[]): void {
    this.peers.push(...peers);
    for (const name of why) this.why.add(name);
  }
}

function reasonText(expect: "allow" | "deny", names: readonly string[]): string {
  if (names.length === 0) return expect === "allow" ? "no policy restricts it" : "denied";
  const shown = names.length > mostNamed + 1 ? names.slice(0, mostNamed) : names;
  const rest = names.length - shown.length;
  return `${expect === "allow" ? "allowed" : "isolated"} by ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function portTexts(ports: PortSet): readonly string[] {
  if (ports.isAll) return ["all"];
  return [
    ...ports.ranges.map(({ protocol, from, to }) => assertionPortText({ kind: "range", protocol, from, to })),
    ...(ports.portless ? ["icmp"] : []),
  ];
}
