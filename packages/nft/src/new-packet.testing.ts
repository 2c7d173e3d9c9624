import type { Packet } from "./packet.ts";

/** The first packet of a connection that passes through: by TCP, to port 80, unless `more` says otherwise. */
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
