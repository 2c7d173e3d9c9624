import type { FlowProtocol } from "@portcullis/engine";
import type { Nft } from "@portcullis/nft";
import { dropSetName, ipVersions, table } from "./names.ts";

/** One flow that was denied, and how often. */
export interface Drop {
  /** The direction whose policies denied it. */
  readonly direction: "Ingress" | "Egress";
  readonly source: string;
  readonly destination: string;
  /** A FlowProtocol, or a protocol number as text. */
  readonly protocol: FlowProtocol | string;
  /** Destination port; 0 for protocols without ports. */
  readonly port: number;
  readonly packets: number;
}

/**
 * What was denied in the last five minutes, by flow. The kernel counts it in sets of bounded size, so nothing is lost
 * for want of a listener; beyond 16,384 flows per direction and family further ones are dropped uncounted.
 */
export async function readDrops(nft: Nft): Promise<readonly Drop[]> {
  const drops: Drop[] = [];
  for (const direction of ["Ingress", "Egress"] as const) {
    for (const version of ipVersions) {
      for (const ports of [true, false]) {
        const name = dropSetName(direction, version, ports);
        const set = (await nft.listElements(table, [{ name }])).get(name);
        for (const { key, counter } of set?.elements.values() ?? []) {
          const [source = "", destination = "", protocol = "", port = "0"] = key;
          drops.push({
            direction,
            source,
            destination,
            protocol: protocolName(protocol),
            port: Number(port),
            packets: counter?.packets ?? 0,
          });
        }
      }
    }
  }
  return drops.sort(byFlow);
}

function protocolName(name: string): string {
  if (name === "icmp" || name === "ipv6-icmp" || name === "icmpv6") return "ICMP";
  return name.toUpperCase();
}

function byFlow(a: Drop, b: Drop): number {
  const [left, right] = [a, b].map((d) => `${d.direction} ${d.source} ${d.destination} ${d.protocol}`);
  if (left !== right) return (left ?? "") < (right ?? "") ? -1 : 1;
  return a.port - b.port;
}
