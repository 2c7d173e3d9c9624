import type { Protocol } from "@portcullis/engine";
import type { PortFilter } from "../engine/protocol.ts";

const protocols: Readonly<Record<string, Protocol>> = { tcp: "TCP", udp: "UDP", sctp: "SCTP" };

/**
 * Reads `8080` (of TCP), `tcp/8080`, `udp/53-60`, `sctp`, `icmp`, several with commas between. Undefined for every port;
 * a message for what cannot be read.
 */
export function parsePortFilter(text: string): PortFilter | undefined | { readonly problem: string } {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  const ranges: { protocol: Protocol; from: number; to: number }[] = [];
  let icmp = false;
  for (const word of words) {
    if (word === "icmp") {
      icmp = true;
      continue;
    }
    const [, name, from, to] = /^(?:(tcp|udp|sctp)\/?)?(?:(\d{1,5})(?:-(\d{1,5}))?)?$/.exec(word) ?? [];
    const range = {
      protocol: protocols[name ?? "tcp"]!,
      from: Number(from ?? 1),
      to: Number(to ?? from ?? 65_535),
    };
    const isRead = name !== undefined || from !== undefined;
    if (!isRead || range.from < 1 || range.to > 65_535 || range.from > range.to) {
      return { problem: `“${word}” is no port: try 8080, udp/53, tcp/8000-8100, sctp or icmp` };
    }
    ranges.push(range);
  }
  return { ranges, icmp };
}
