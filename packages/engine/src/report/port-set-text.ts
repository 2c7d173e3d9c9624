import type { Protocol } from "../model/protocol.ts";
import { PortSet } from "../net/port-set.ts";

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
  const byProtocol = new Map<Protocol, string[]>();
  for (const { protocol, from, to } of ranges) {
    const text = from === 1 && to === 65535 ? "all" : from === to ? `${from}` : `${from}-${to}`;
    byProtocol.set(protocol, [...(byProtocol.get(protocol) ?? []), text]);
  }
  return [...byProtocol].map(([protocol, texts]) => `${protocol} ${texts.join(",")}`).join(" ");
}
