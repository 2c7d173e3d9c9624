import { portNumbers } from "../cluster/named-port-index.ts";
import { type PodEntry, policiesOf } from "../cluster/pod-entry.ts";
import type { Side } from "../cluster/resolve-flow.ts";
import type { Direction, PolicyPort } from "../model/network-policy.ts";
import { type PortRange, PortSet } from "../net/port-set.ts";
import { exemption, matchPeer, NONE } from "./evaluate.ts";

/** Every port for which `evaluate` would allow a flow between the two: the same decisions, for all ports at once. */
export function allowedPorts(source: Side, destination: Side): PortSet {
  const egress = sidePorts("Egress", source, destination);
  return egress.isEmpty ? egress : egress.intersect(sidePorts("Ingress", source, destination));
}

/** What the policies of one side allow, whatever the other side does. */
export function sidePorts(direction: Direction, source: Side, destination: Side): PortSet {
  if (exemption(direction, source, destination) !== undefined) return PortSet.all;
  const [subject, other] = direction === "Ingress" ? [destination, source] : [source, destination];
  const policies = policiesOf(subject.entry!)[direction];
  if (policies.length === 0) return PortSet.all;
  const ranges: PortRange[] = [];
  for (const policy of policies) {
    for (const entry of policy.rules[direction]) {
      const { ports } = entry.rule;
      if (matchPeer(entry, other) === NONE) continue;
      if (ports.length === 0) return PortSet.all;
      for (const port of ports) ranges.push(...rangesOf(port, destination.entry));
    }
  }
  return PortSet.of(ranges);
}

/** A port name means what the destination pod says; where the destination is no pod, it means nothing. */
export function rangesOf(
  { protocol, port, endPort }: PolicyPort,
  destination: PodEntry | undefined,
): PortRange[] {
  if (port === undefined) return [{ protocol, from: 1, to: 65535 }];
  if (typeof port === "number") return [{ protocol, from: port, to: endPort ?? port }];
  const numbers = destination === undefined ? [] : portNumbers(destination.pod, protocol, port);
  return numbers.map((number) => ({ protocol, from: number, to: number }));
}
