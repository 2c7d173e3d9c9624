/** Transport protocols that a NetworkPolicy can name. */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** What a flow can be made of. ICMP stands for ICMP and ICMPv6, which have no ports and which no policy port can name. */
export type FlowProtocol = Protocol | "ICMP";
