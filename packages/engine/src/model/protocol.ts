/** Transport protocols that a NetworkPolicy can name. */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** What a flow can be made of. ICMP stands for ICMP and ICMPv6, which have no ports and which no policy port can name. */
export type FlowProtocol = Protocol | "ICMP";

export const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

/** The protocol of a word as people write it: `tcp`, `Tcp`. */
export function protocolNamed(word: string): Protocol | undefined {
  return protocols.find((protocol) => protocol === word.toUpperCase());
}
