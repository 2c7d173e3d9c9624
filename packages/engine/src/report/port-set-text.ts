import type { Protocol } from "../model/protocol.ts";
import { PortSet } from "../net/port-set.ts";

/** Above this many ranges a set is told by what it lacks, if that is shorter. */
const fewRanges = 6;

/** `all ports`, `TCP 80,443,8000-8010 UDP 53`, `TCP all`, `all but TCP 22`, `nothing`. */
export function portSetText(ports: PortSet): string {
  if (ports.isEmpty) return "nothing";
  if (ports.isAll) return "all ports";
  const missing = PortSet.all.subtract(ports);
  if (ports.portless && missing.ranges.length <= fewRanges) return `all but ${rangesText(missing)}`;
  return ports.portless ? `${rangesText(ports)} ICMP` : rangesText(ports);
}

function rangesText({ ranges }: PortSet): string {
  const byProtocol = new Map<Protocol, string[]>();
  for (const { protocol, from, to } of ranges) {
    const text = from === 1 && to === 65535 ? "all" : from === to ? `${from}` : `${from}-${to}`;
    byProtocol.set(protocol, [...(byProtocol.get(protocol) ?? []), text]);
  }
  return [...byProtocol].map(([protocol, texts]) => `${protocol} ${texts.join(",")}`).join(" ");
}
