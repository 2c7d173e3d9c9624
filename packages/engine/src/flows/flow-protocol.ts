import type { FlowProtocol } from "../model/protocol.ts";

/**
 * How policies see a record's protocol. One that they cannot name is to them what ICMP is: without ports, and let pass
 * by a rule for all ports only.
 */
export function flowProtocol(protocol: string): FlowProtocol {
  return protocol === "TCP" || protocol === "UDP" || protocol === "SCTP" ? protocol : "ICMP";
}
