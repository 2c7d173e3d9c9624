import { portNumbers } from "../cluster/named-port-index.ts";
import type { PeerEntry, PolicyEntry } from "../cluster/policy-entry.ts";
import { joinCovers, noPorts, type PortCover, portCover, portsWithin } from "../cover/port-cover.ts";
import type { Direction, NetworkPolicy, PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { subtractAndMerge } from "../net/cidr-set.ts";
import { blockId } from "../reach/address-blocks.ts";
import { type ExposedPeer, exposedPeer, exposedWithin } from "./exposed-peer.ts";

/** One way through the policies of a pod: for whom, at which ports, and by which rules. */
export interface Opening {
  readonly who: ExposedPeer;
  /** Of an egress rule, names are for the destination to resolve. */
  readonly ports: PortCover;
  /** None when no policy isolates the pod. */
  readonly rules: readonly OpeningRule[];
  /** Rules that open nothing beyond this. */
  readonly covers: readonly OpeningRule[];
}

interface OpeningRule {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  /** Index in `ingress` or `egress`. */
  readonly rule: number;
}

/**
 * What the policies open together, in the order of their rules. A peer that several rules name is one; what another
 * opening contains, for whatever pods come, is left out.
 */
export function openingsOf(
  direction: Direction,
  policies: readonly PolicyEntry[],
  pod: Pod,
): readonly Opening[] {
  const drafts = [...draftsOf(direction, policies, pod).values()];
  const outerOf = new Map<Draft, Draft>();
  for (const [at, inner] of drafts.entries()) {
    // Of two that contain each other the first counts.
    const outer = drafts.find(
      (each, place) => each !== inner && contains(each, inner) && (place < at || !contains(inner, each)),
    );
    if (outer !== undefined) outerOf.set(inner, outer);
  }
  for (const inner of outerOf.keys()) outermost(inner, outerOf).covers.push(...inner.rules);
  const kept = drafts.filter((draft) => !outerOf.has(draft));
  return joinAddresses(
    kept.map(({ who, ports, rules, covers }) => ({ who, ports, rules, covers: rulesOnce(covers, rules) })),
  );
}

interface Draft {
  readonly entry: PeerEntry | undefined;
  readonly who: ExposedPeer;
  ports: PortCover;
  readonly rules: OpeningRule[];
  readonly covers: OpeningRule[];
}

function outermost(draft: Draft, outerOf: ReadonlyMap<Draft, Draft>): Draft {
  let [outer, next] = [draft, outerOf.get(draft)];
  while (next !== undefined) [outer, next] = [next, outerOf.get(next)];
  return outer;
}

function contains(outer: Draft, inner: Draft): boolean {
  return portsWithin(inner.ports, outer.ports) && exposedWithin(inner.entry, outer.entry);
}

function draftsOf(
  direction: Direction,
  policies: readonly PolicyEntry[],
  pod: Pod,
): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const { policy, rules } of policies) {
    for (const [index, { rule, peers }] of rules[direction].entries()) {
      const ports = portCover(rule.ports);
      const cover = direction === "Ingress" ? resolved(rule.ports, pod) : ports;
      if (cover.numbers.isEmpty && cover.names.size === 0) continue;
      const place = { policy, direction, rule: index };
      for (const entry of peers.length === 0 ? [undefined] : peers) {
        const who = exposedPeer(entry);
        if (who === undefined) continue;
        const key = entryKey(entry);
        const draft = drafts.get(key) ?? { entry, who, ports: noPorts, rules: [], covers: [] };
        drafts.set(key, draft);
        draft.ports = joinCovers(draft.ports, cover);
        if (!draft.rules.some((known) => known.policy === policy && known.rule === index))
          draft.rules.push(place);
      }
    }
  }
  return drafts;
}

/** Equal for equal peers. */
function entryKey(entry: PeerEntry | undefined): string {
  if (entry === undefined) return "anyone";
  return entry.kind === "ipBlock" ? `block ${blockId(entry)}` : `pods ${entry.selection?.id}`;
}

/** A port name means what the pod that is entered says. */
function resolved(ports: readonly PolicyPort[], pod: Pod): PortCover {
  if (ports.length === 0) return portCover(ports);
  const numbers = ports.flatMap(({ protocol, port, endPort }): PolicyPort[] => {
    if (typeof port !== "string") return [{ protocol, ...(port && { port }), ...(endPort && { endPort }) }];
    return portNumbers(pod, protocol, port).map((number) => ({ protocol, port: number }));
  });
  return numbers.length === 0 ? noPorts : portCover(numbers);
}

/** Ranges of addresses with the same ports are one opening. */
function joinAddresses(openings: readonly Opening[]): readonly Opening[] {
  const joined: Opening[] = [];
  for (const opening of openings) {
    const at = joined.findIndex(
      ({ who, ports }) =>
        who.kind === "addresses" && opening.who.kind === "addresses" && sameCover(ports, opening.ports),
    );
    const known = joined[at];
    if (known?.who.kind !== "addresses" || opening.who.kind !== "addresses") {
      joined.push(opening);
      continue;
    }
    const blocks = [...known.who.cidrs, ...opening.who.cidrs].map((cidr) => ({ cidr, except: [] }));
    const rules = [...known.rules, ...rulesOnce(opening.rules, known.rules)];
    joined[at] = {
      who: { kind: "addresses", cidrs: subtractAndMerge(blocks) },
      ports: known.ports,
      rules,
      covers: rulesOnce([...known.covers, ...opening.covers], rules),
    };
  }
  return joined;
}

const sameCover = (a: PortCover, b: PortCover): boolean =>
  a.numbers.key === b.numbers.key && [...a.names].sort().join() === [...b.names].sort().join();

/** Each rule once, and none of those that are known already. */
function rulesOnce(rules: readonly OpeningRule[], known: readonly OpeningRule[]): readonly OpeningRule[] {
  const seen = [...known];
  return rules.filter((rule) => {
    if (seen.some((other) => other.policy === rule.policy && other.rule === rule.rule)) return false;
    seen.push(rule);
    return true;
  });
}
