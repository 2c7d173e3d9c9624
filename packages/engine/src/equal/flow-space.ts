import type { LabelSelectorRequirement } from "../model/labels.ts";
import { PortSet } from "../net/port-set.ts";
import { anyLabel, anyValue, holdsIn, type LabelDomain, narrowLabel } from "./label-domain.ts";

/** 0 the source, 1 the destination. */
export type End = 0 | 1;

/** The smallest thing that a policy asks about a flow. */
export type Atom =
  | { readonly kind: "is-pod"; readonly end: End }
  | { readonly kind: "label"; readonly end: End; readonly requirement: LabelSelectorRequirement }
  /** Of the end's namespace; its name is the label `kubernetes.io/metadata.name`. */
  | { readonly kind: "namespace"; readonly end: End; readonly requirement: LabelSelectorRequirement }
  /** Indices of address ranges. */
  | { readonly kind: "address"; readonly end: End; readonly ranges: ReadonlySet<number> }
  | { readonly kind: "ports"; readonly ports: PortSet }
  /** Whether the destination gives the flow's port this name, for the flow's protocol. */
  | { readonly kind: "port-name"; readonly name: string };

/** All of these. */
export type Conjunction = readonly Atom[];

/** A set of flows, each of whose features was narrowed by itself: a box in the space of all flows. Never empty. */
export interface FlowSpace {
  /** Whether the ends are pods; else an end is an address that no policy applies to. */
  readonly isPod: readonly [boolean, boolean];
  /** Both ends are in one namespace; else in two. */
  readonly sameNamespace: boolean;
  readonly labels: readonly [LabelDomains, LabelDomains];
  readonly namespaces: readonly [LabelDomains, LabelDomains];
  readonly addresses: readonly [ReadonlySet<number>, ReadonlySet<number>];
  readonly ports: PortSet;
  readonly portNames: ReadonlyMap<string, boolean>;
}

/** By key; a key that is not here may be anything. */
export type LabelDomains = ReadonlyMap<string, LabelDomain>;

export const nameLabel = "kubernetes.io/metadata.name";

const free: LabelDomains = new Map();

/** Every flow between ends of these kinds. */
export function wholeSpace(
  isPod: readonly [boolean, boolean],
  sameNamespace: boolean,
  ranges: ReadonlySet<number>,
): FlowSpace {
  return {
    isPod,
    sameNamespace,
    labels: [free, free],
    namespaces: [free, free],
    addresses: [ranges, ranges],
    ports: PortSet.all,
    portNames: new Map(),
  };
}

/** Whether the atom is true of all flows of the space, of none, or of some. */
export function truth(space: FlowSpace, atom: Atom): boolean | undefined {
  switch (atom.kind) {
    case "is-pod":
      return space.isPod[atom.end];
    case "label":
      return holdsIn(labelDomain(space, atom), atom.requirement);
    case "namespace":
      return holdsIn(namespaceDomain(space, atom), atom.requirement);
    case "address": {
      let [inside, outside] = [false, false];
      for (const range of space.addresses[atom.end]) {
        if (atom.ranges.has(range)) inside = true;
        else outside = true;
        if (inside && outside) return undefined;
      }
      return inside;
    }
    case "ports":
      if (space.ports.subtract(atom.ports).isEmpty) return true;
      return space.ports.intersect(atom.ports).isEmpty ? false : undefined;
    case "port-name":
      return space.isPod[1] ? space.portNames.get(atom.name) : false;
  }
}

/** The part of the space where the atom is true, or where it is false; undefined when there is none. */
export function narrow(space: FlowSpace, atom: Atom, wanted: boolean): FlowSpace | undefined {
  switch (atom.kind) {
    case "is-pod":
      return space.isPod[atom.end] === wanted ? space : undefined;
    case "label": {
      const domain = narrowLabel(labelDomain(space, atom), atom.requirement, wanted);
      return domain && { ...space, labels: replace(space.labels, atom.end, atom.requirement.key, domain) };
    }
    case "namespace": {
      const domain = narrowLabel(namespaceDomain(space, atom), atom.requirement, wanted);
      if (domain === undefined) return undefined;
      const end = namespaceOf(space, atom.end);
      return { ...space, namespaces: replace(space.namespaces, end, atom.requirement.key, domain) };
    }
    case "address": {
      const kept = new Set(
        [...space.addresses[atom.end]].filter((range) => atom.ranges.has(range) === wanted),
      );
      return kept.size === 0 ? undefined : { ...space, addresses: put(space.addresses, atom.end, kept) };
    }
    case "ports": {
      const ports = wanted ? space.ports.intersect(atom.ports) : space.ports.subtract(atom.ports);
      return ports.isEmpty ? undefined : { ...space, ports };
    }
    case "port-name": {
      if (!space.isPod[1]) return wanted ? undefined : space;
      const known = space.portNames.get(atom.name);
      if (known !== undefined) return known === wanted ? space : undefined;
      return { ...space, portNames: new Map([...space.portNames, [atom.name, wanted]]) };
    }
  }
}

/** The part of the space where all of the atoms are true; undefined when there is none. */
export function narrowAll(space: FlowSpace, atoms: Conjunction): FlowSpace | undefined {
  let narrowed: FlowSpace | undefined = space;
  for (const atom of atoms) {
    narrowed = narrow(narrowed, atom, true);
    if (narrowed === undefined) return undefined;
  }
  return narrowed;
}

/** Two ends in one namespace share its labels, which are kept for the first. */
export function namespaceOf({ sameNamespace }: FlowSpace, end: End): End {
  return sameNamespace ? 0 : end;
}

type Labelled = Extract<Atom, { requirement: unknown }>;

function labelDomain(space: FlowSpace, { end, requirement }: Labelled): LabelDomain {
  return space.labels[end].get(requirement.key) ?? anyLabel;
}

function namespaceDomain(space: FlowSpace, { end, requirement: { key } }: Labelled): LabelDomain {
  return space.namespaces[namespaceOf(space, end)].get(key) ?? (key === nameLabel ? anyValue : anyLabel);
}

function replace(
  both: readonly [LabelDomains, LabelDomains],
  end: End,
  key: string,
  domain: LabelDomain,
): readonly [LabelDomains, LabelDomains] {
  return put(both, end, new Map([...both[end], [key, domain]]));
}

function put<T>(both: readonly [T, T], end: End, value: T): readonly [T, T] {
  return end === 0 ? [value, both[1]] : [both[0], value];
}
