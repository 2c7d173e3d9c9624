import type { Cluster } from "../cluster/cluster.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import { type PodEntry, policiesOf } from "../cluster/pod-entry.ts";
import { resolveSides } from "../cluster/resolve-flow.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Protocol } from "../model/protocol.ts";
import { type PortRange, PortSet } from "../net/port-set.ts";
import type { Question } from "../verdict/evaluate.ts";
import { explain } from "../verdict/explain.ts";
import type { DirectionVerdict, Endpoint, Verdict } from "../verdict/verdict.ts";

/** Ports at which a flow is judged alike, for the same reasons. The verdict is that of the first of them. */
export interface Decision {
  readonly ports: PortSet;
  readonly verdict: Verdict;
  /** Equal for the same ports and the same policies and rules as reasons. */
  readonly key: string;
}

/** The verdicts on all of the asked ports at once, in the order of their first ports. Together they have all ports asked. */
export function decisions(
  cluster: Cluster,
  source: Endpoint,
  destination: Endpoint,
  asked: PortSet,
): readonly Decision[] {
  const sides = resolveSides(cluster.indexes(), { source, destination });
  const found = new Map<string, { ports: PortSet; readonly verdict: Verdict }>();
  for (const piece of pieces(asked, sides.source.entry, sides.destination.entry)) {
    const verdict = verdictAt(sides, piece);
    const reasons = verdictKey(verdict);
    const known = found.get(reasons);
    if (known === undefined) found.set(reasons, { ports: piece, verdict });
    else known.ports = known.ports.union(piece);
  }
  return [...found].map(([reasons, { ports, verdict }]) => ({
    ports,
    verdict,
    key: `${reasons} at ${ports.key}`,
  }));
}

/** The verdict at the first of the ports. */
export function verdictAt(
  sides: Pick<Question, "source" | "destination">,
  { ranges: [first] }: PortSet,
): Verdict {
  return explain({ ...sides, protocol: first?.protocol ?? "ICMP", port: first?.from ?? 0 });
}

/** Equal for verdicts for which the same policies and the same rules are the reason. */
function verdictKey({ egress, ingress }: Verdict): string {
  return `${directionKey(egress)} | ${directionKey(ingress)}`;
}

function directionKey({ reason, allowedBy, isolatedBy, allowed, nearest }: DirectionVerdict): string {
  const rule = allowedBy && ` ${allowedBy.policy.namespace}/${allowedBy.policy.name} ${allowedBy.rule}`;
  const isolating = isolatedBy.map(({ namespace, name }) => `${namespace}/${name}`).join();
  const misses = allowed
    ? ""
    : nearest
        .map(({ policy, rule, matched }) => `${policy.namespace}/${policy.name} ${rule} ${matched}`)
        .join();
  return `${reason}${rule ?? ""} by ${isolating} near ${misses}`;
}

/** The asked ports, cut wherever a rule that is about to be tried begins or ends. */
function* pieces(
  asked: PortSet,
  source: PodEntry | undefined,
  destination: PodEntry | undefined,
): Iterable<PortSet> {
  const [only] = asked.ranges;
  const single = asked.ranges.length === 1 && only!.from === only!.to;
  const cuts = single ? undefined : cutsOf(source, destination);
  for (const { protocol, from, to } of asked.ranges) {
    const starts = [...(cuts?.get(protocol) ?? [])]
      .filter((cut) => from < cut && cut <= to)
      .sort((a, b) => a - b);
    for (const [index, start] of [from, ...starts].entries()) {
      yield PortSet.of([{ protocol, from: start, to: (starts[index] ?? to + 1) - 1 }]);
    }
  }
  if (asked.portless) yield PortSet.icmp;
}

function cutsOf(
  source: PodEntry | undefined,
  destination: PodEntry | undefined,
): ReadonlyMap<Protocol, Set<number>> {
  const cuts = new Map<Protocol, Set<number>>();
  const add = ({ protocol, from, to }: PortRange) => {
    const known = cuts.get(protocol);
    if (known === undefined) cuts.set(protocol, new Set([from, to + 1]));
    else known.add(from).add(to + 1);
  };
  for (const range of rangesOf("Egress", source, destination)) add(range);
  for (const range of rangesOf("Ingress", destination, destination)) add(range);
  return cuts;
}

function* rangesOf(
  direction: Direction,
  subject: PodEntry | undefined,
  destination: PodEntry | undefined,
): Iterable<PortRange> {
  for (const policy of subject === undefined ? [] : policiesOf(subject)[direction]) {
    for (const { rule } of policy.rules[direction]) {
      for (const { protocol, port, endPort } of rule.ports) {
        if (typeof port === "number") yield { protocol, from: port, to: endPort ?? port };
        else if (port !== undefined && destination !== undefined) {
          for (const number of portNumbers(destination.pod, protocol, port))
            yield { protocol, from: number, to: number };
        }
      }
    }
  }
}
