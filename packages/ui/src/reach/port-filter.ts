import { PortSet, parsePorts } from "@portcullis/engine";
import type { PortFilter } from "../engine/protocol.ts";

/**
 * Reads what `parsePorts` does, several with commas or spaces between, but no names: each destination would have its own.
 * Undefined for every port; a message for what cannot be read.
 */
export function parsePortFilter(text: string): PortFilter | undefined | { readonly problem: string } {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 0) return undefined;
  let ports = PortSet.none;
  for (const word of words) {
    const asked = parsePorts(word);
    if (asked.kind !== "numbers")
      return { problem: `“${word}” is no port: try 8080, udp/53, tcp/8000-8100, sctp or icmp` };
    ports = ports.union(asked.ports);
  }
  return { ranges: ports.ranges, icmp: ports.portless };
}
