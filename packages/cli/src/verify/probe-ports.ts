import type { NetworkPolicy, Pod } from "@portcullis/engine";
import type { ProbePort } from "./port-spec.ts";

/** Ports that policies name, which pods without ports are probed on, at most. */
const mostNamed = 8;

/** Whether the pod's stand-in listens there. */
export function serves({ ports }: Pod, { protocol, port }: ProbePort): boolean {
  return ports.some((own) => own.port === port && own.protocol === protocol);
}

/**
 * The ports that a pod is probed on: `only` when it is given, else those that its containers declare, else the TCP
 * ports that policies name (the ends of ranges), else TCP 80. Where nothing listens, a TCP packet that arrives is
 * answered with a reset, which tells it from one that was dropped; UDP has no answer to count on, and is left away.
 */
export function probePorts(
  pod: Pod,
  policies: readonly NetworkPolicy[],
  only: readonly ProbePort[],
): readonly ProbePort[] {
  if (only.length > 0) {
    return unique(only.filter((port) => port.protocol === "TCP" || serves(pod, port)));
  }
  const declared = pod.ports.flatMap(({ protocol, port }) =>
    protocol === "SCTP" ? [] : [{ protocol, port }],
  );
  if (declared.length > 0) return unique(declared);
  const named = policyPorts(policies);
  return named.length > 0 ? named : [{ protocol: "TCP", port: 80 }];
}

function policyPorts(policies: readonly NetworkPolicy[]): readonly ProbePort[] {
  const numbers = policies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ ports }) => ports)
    .filter(({ protocol }) => protocol === "TCP")
    .flatMap(({ port, endPort }) => [port, endPort])
    .filter((port) => typeof port === "number");
  return unique(numbers.map((port) => ({ protocol: "TCP", port }))).slice(0, mostNamed);
}

function unique(ports: readonly ProbePort[]): readonly ProbePort[] {
  const byKey = new Map(ports.map((port) => [`${port.protocol} ${port.port}`, port]));
  return [...byKey.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}
