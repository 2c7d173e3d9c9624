import type { FlowProtocol, Pod, PortSet } from "@portcullis/engine";

export interface ExamplePort {
  readonly protocol: FlowProtocol;
  readonly port: number;
}

/**
 * One port of a set that says something to people: one that the destination has, or 80, or the lowest of TCP, UDP and
 * SCTP in this order. ICMP where there is none.
 */
export function examplePort({ ranges }: PortSet, destination: Pod | undefined): ExamplePort {
  const has = ({ protocol, port }: ExamplePort) =>
    ranges.some((range) => range.protocol === protocol && range.from <= port && port <= range.to);
  const declared = destination?.ports.find(has);
  if (declared !== undefined) return { protocol: declared.protocol, port: declared.port };
  const usual: ExamplePort = { protocol: "TCP", port: 80 };
  if (has(usual)) return usual;
  for (const protocol of ["TCP", "UDP", "SCTP"] as const) {
    const range = ranges.find((each) => each.protocol === protocol);
    if (range !== undefined) return { protocol, port: range.from };
  }
  return { protocol: "ICMP", port: 0 };
}
