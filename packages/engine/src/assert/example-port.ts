import type { Pod } from "../model/objects.ts";
import { type FlowProtocol, protocols } from "../model/protocol.ts";
import type { PortSet } from "../net/port-set.ts";

/**
 * The port of a set that tells most to a reader: one that the destination declares, else the lowest, TCP before UDP before
 * SCTP; ICMP when there is no other. The set is not empty.
 */
export function examplePort(
  ports: PortSet,
  destination: Pod | undefined,
): { readonly protocol: FlowProtocol; readonly port: number } {
  const declared = destination?.ports.find(({ protocol, port }) => ports.has(protocol, port));
  if (declared !== undefined) return { protocol: declared.protocol, port: declared.port };
  for (const protocol of protocols) {
    const range = ports.ranges.find((each) => each.protocol === protocol);
    if (range !== undefined) return { protocol, port: range.from };
  }
  return { protocol: "ICMP", port: 0 };
}
