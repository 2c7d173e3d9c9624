import type { Packet } from "@portcullis/nft";

/** The first packet of a connection from pod to pod: by TCP, to port 80, unless `more` says otherwise. */
export const newPacket = (saddr: string, daddr: string, more: Partial<Packet> = {}): Packet => ({
  family: saddr.includes(":") ? "ip6" : "ip",
  saddr,
  daddr,
  protocol: "tcp",
  sport: 40_000,
  dport: 80,
  ctState: "new",
  path: "forward",
  ...more,
});
