import type { FlowProtocol } from "@portcullis/engine";

const protocols: Readonly<Record<string, FlowProtocol>> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  icmp: "ICMP",
  icmpv6: "ICMP",
};

/** The protocol that nft(8) and conntrack(8) call by this name; undefined for those that policies cannot name. */
export function flowProtocol(name: string): FlowProtocol | undefined {
  return protocols[name];
}
