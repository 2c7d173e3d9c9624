import type { LabelSelectorRequirement } from "../model/labels.ts";
import type { Direction, NetworkPolicy, Peer, PolicyRule } from "../model/network-policy.ts";
import { cidrContains } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import { blockId } from "../reach/address-blocks.ts";
import type { AddressRange } from "../reach/outside.ts";
import { requirementsOf, requirementText } from "../selector/requirement.ts";
import { type Atom, type Conjunction, type End, nameLabel } from "./flow-space.ts";

/** What policies say of one direction, in single steps. */
export interface Grants {
  /** Which pods are isolated: those of any of these. By canonical text. */
  readonly subjects: ReadonlyMap<string, Conjunction>;
  /** What is allowed nevertheless: a subject, one peer and one port together. By canonical text. */
  readonly grants: ReadonlyMap<string, Grant>;
}

interface Grant {
  /** Key of the subject. */
  readonly subject: string;
  readonly atoms: Conjunction;
}

/** The policies of a set, by direction. */
export type GrantsByDirection = Readonly<Record<Direction, Grants>>;

/** @param ranges A cut of the address space that every ipBlock of the policies respects. */
export function grantsOf(
  policies: readonly NetworkPolicy[],
  ranges: readonly AddressRange[],
): GrantsByDirection {
  return {
    Ingress: ofDirection("Ingress", policies, ranges),
    Egress: ofDirection("Egress", policies, ranges),
  };
}

function ofDirection(
  direction: Direction,
  policies: readonly NetworkPolicy[],
  ranges: readonly AddressRange[],
): Grants {
  const [own, other]: readonly [End, End] = direction === "Egress" ? [0, 1] : [1, 0];
  const subjects = new Map<string, Conjunction>();
  const grants = new Map<string, Grant>();
  for (const policy of policies) {
    if (!policy.policyTypes.includes(direction)) continue;
    const subject = [
      isPod(own),
      inNamespace(own, policy.namespace),
      ...labels(own, requirementsOf(policy.podSelector)),
    ];
    const subjectKey = textOf(subject);
    subjects.set(subjectKey, subject);
    for (const rule of direction === "Ingress" ? policy.ingress : policy.egress) {
      for (const peer of peersOf(rule, policy, other, ranges)) {
        for (const ports of portsOf(rule)) {
          const allowed = [...peer, ...ports];
          grants.set(`${subjectKey} > ${textOf(allowed)}`, {
            subject: subjectKey,
            atoms: [...subject, ...allowed],
          });
        }
      }
    }
  }
  return { subjects, grants };
}

function peersOf(
  { peers }: PolicyRule,
  policy: NetworkPolicy,
  end: End,
  ranges: readonly AddressRange[],
): readonly Conjunction[] {
  if (peers.length === 0) return [[]];
  return peers.flatMap((peer) => {
    const atoms = peerAtoms(peer, policy, end, ranges);
    return atoms === undefined ? [] : [atoms];
  });
}

function peerAtoms(
  peer: Peer,
  policy: NetworkPolicy,
  end: End,
  ranges: readonly AddressRange[],
): Conjunction | undefined {
  if (peer.kind === "ipBlock") {
    const inside = ranges.flatMap(({ first }, index) =>
      cidrContains(peer.cidr, first) && !peer.except.some((hole) => cidrContains(hole, first)) ? [index] : [],
    );
    return [{ kind: "address", end, ranges: named(new Set(inside), blockId(peer)) }];
  }
  const { namespaceSelector, podSelector } = peer;
  if (namespaceSelector === undefined && podSelector === undefined) return undefined;
  const where =
    namespaceSelector === undefined
      ? [inNamespace(end, policy.namespace)]
      : requirementsOf(namespaceSelector).map(
          (requirement): Atom => ({ kind: "namespace", end, requirement: possibleName(requirement) }),
        );
  const who = podSelector === undefined ? [] : labels(end, requirementsOf(podSelector));
  return [isPod(end), ...where, ...who];
}

/** Numbers together, each name by itself, because a name is the destination's to give. */
function portsOf({ ports }: PolicyRule): readonly Conjunction[] {
  if (ports.length === 0) return [[]];
  const alternatives: Conjunction[] = [];
  const numbers = PortSet.of(
    ports.flatMap(({ protocol, port, endPort }) => {
      if (port === undefined) return [{ protocol, from: 1, to: 65535 }];
      return typeof port === "number" ? [{ protocol, from: port, to: endPort ?? port }] : [];
    }),
  );
  if (!numbers.isEmpty) alternatives.push([{ kind: "ports", ports: numbers }]);
  for (const { protocol, port } of ports) {
    if (typeof port !== "string") continue;
    const ofProtocol = PortSet.of([{ protocol, from: 1, to: 65535 }]);
    alternatives.push([
      { kind: "ports", ports: ofProtocol },
      { kind: "port-name", name: `${protocol} ${port}` },
    ]);
  }
  return alternatives;
}

const isPod = (end: End): Atom => ({ kind: "is-pod", end });

const inNamespace = (end: End, name: string): Atom => ({
  kind: "namespace",
  end,
  requirement: { key: nameLabel, operator: "In", values: [name] },
});

const labels = (end: End, requirements: readonly LabelSelectorRequirement[]): readonly Atom[] =>
  requirements.map((requirement) => ({ kind: "label", end, requirement }));

/** A label's value may be what no namespace can be called (RFC 1123 label): no namespace has such a name. */
function possibleName(requirement: LabelSelectorRequirement): LabelSelectorRequirement {
  if (requirement.key !== nameLabel) return requirement;
  const values = requirement.values.filter((value) => /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value));
  return { ...requirement, values };
}

const blockNames = new WeakMap<ReadonlySet<number>, string>();

function named(ranges: ReadonlySet<number>, name: string): ReadonlySet<number> {
  blockNames.set(ranges, name);
  return ranges;
}

/** Canonical: conjunctions that say the same in the same words have the same text. */
const textOf = (atoms: Conjunction): string => atoms.map(atomText).join(" & ");

function atomText(atom: Atom): string {
  switch (atom.kind) {
    case "is-pod":
      return "pod";
    case "label":
    case "namespace":
      return `${atom.kind} ${requirementText(atom.requirement)}`;
    case "address":
      return blockNames.get(atom.ranges) ?? "";
    case "ports":
      return atom.ports.key;
    case "port-name":
      return `name ${JSON.stringify(atom.name)}`;
  }
}
