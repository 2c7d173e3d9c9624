import { policiesOf } from "../cluster/pod-entry.ts";
import type { RuleEntry } from "../cluster/policy-entry.ts";
import type { Side } from "../cluster/resolve-flow.ts";
import type { Direction } from "../model/network-policy.ts";
import { PortSet } from "../net/port-set.ts";
import { rangesOf } from "../verdict/allowed-ports.ts";
import { exemption, matchPeer, NONE } from "../verdict/evaluate.ts";
import { policyNames } from "./policy-names.ts";

/** Ports at which a flow passes both sides for the same reasons: by the same rule, or for want of any policy. */
export interface Pass {
  readonly ports: PortSet;
  /** Equal for equal reasons, the isolating policies of both sides included. */
  readonly key: string;
}

/** How flows pass at the asked ports; ports at which they do not are in none. Decides as `evaluate` does, for all ports at once. */
export function passes(source: Side, destination: Side, asked: PortSet): readonly Pass[] {
  const outward = sidePasses("Egress", source, destination, asked);
  if (outward.length === 0) return outward;
  return outward.flatMap(({ ports, key }) =>
    sidePasses("Ingress", source, destination, ports).map((inward) => ({
      ports: inward.ports,
      key: `${key} | ${inward.key}`,
    })),
  );
}

function sidePasses(direction: Direction, source: Side, destination: Side, asked: PortSet): readonly Pass[] {
  const exempt = exemption(direction, source, destination);
  if (exempt !== undefined) return [{ ports: asked, key: exempt }];
  const [subject, other] = direction === "Ingress" ? [destination, source] : [source, destination];
  const policies = policiesOf(subject.entry!)[direction];
  if (policies.length === 0) return [{ ports: asked, key: "" }];
  const found: Pass[] = [];
  let left = asked;
  for (const policy of policies) {
    for (const [index, entry] of policy.rules[direction].entries()) {
      const ports = left.intersect(portsOf(entry, destination));
      if (ports.isEmpty || matchPeer(entry, other) === NONE) continue;
      // The first rule that matches is the one that counts.
      found.push({ ports, key: `${policy.key} ${index} of ${policyNames(policies)}` });
      left = left.subtract(ports);
      if (left.isEmpty) return found;
    }
  }
  return found;
}

/** Of rules without port names, which mean the same everywhere. */
const known = new WeakMap<RuleEntry, PortSet>();

function portsOf(entry: RuleEntry, destination: Side): PortSet {
  const { ports } = entry.rule;
  if (ports.length === 0) return PortSet.all;
  const remembered = known.get(entry);
  if (remembered !== undefined) return remembered;
  const made = PortSet.of(ports.flatMap((port) => rangesOf(port, destination.entry)));
  if (ports.every(({ port }) => typeof port !== "string")) known.set(entry, made);
  return made;
}
