import { groupBy } from "../group-by.ts";
import { type PortRange, PortSet } from "../net/port-set.ts";

/** `all ports`, `TCP 80,443,8000-8010 UDP 53`, `TCP all`, `all but TCP 22`, `ICMP`, `nothing`. Different for different sets. */
export function portSetText(ports: PortSet): string {
  if (ports.isEmpty) return "nothing";
  if (ports.isAll) return "all ports";
  const present = `${rangesText(ports)}${ports.portless ? " ICMP" : ""}`.trimStart();
  if (!ports.portless) return present;
  const missing = `all but ${rangesText(PortSet.all.subtract(ports))}`;
  return missing.length <= present.length ? missing : present;
}

function rangesText({ ranges }: PortSet): string {
  const byProtocol = groupBy(ranges, ({ protocol }) => protocol);
  return [...byProtocol].map(([protocol, own]) => `${protocol} ${own.map(rangeText).join(",")}`).join(" ");
}

function rangeText({ from, to }: PortRange): string {
  if (from === 1 && to === 65535) return "all";
  return from === to ? `${from}` : `${from}-${to}`;
}
