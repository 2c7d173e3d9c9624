import { type Cidr, cidrFromValue } from "@portcullis/engine";

/** A route to addresses that are on the link itself: no router in between. */
export interface LinkRoute {
  readonly device: string;
  readonly destination: Cidr;
}

/** RTF_GATEWAY and RTF_REJECT (linux/route.h); RTF_ANYCAST and RTF_LOCAL are the node's own addresses (linux/ipv6_route.h). */
const elsewhere = 0x0002 | 0x0200 | 0x0010_0000 | 0x8000_0000;

/** Reads /proc/net/route: numbers in hexadecimal, addresses in the byte order of the machine (route(8)). */
export function parseIpv4Routes(text: string): readonly LinkRoute[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [device, destination = "", , flags = "", , , , mask = ""] = line.trim().split(/\s+/);
      if (!device || Number.parseInt(flags, 16) & elsewhere) return [];
      const bits = [...bytesOf(mask)].reduce((sum, byte) => sum + ones(byte), 0);
      return [{ device, destination: cidrFromValue(4, numberOf(bytesOf(destination).reverse()), bits) }];
    });
}

/** Reads /proc/net/ipv6_route: destination, prefix length, source, its length, next hop, metric, …, flags, device. */
export function parseIpv6Routes(text: string): readonly LinkRoute[] {
  return text.split("\n").flatMap((line) => {
    const [destination = "", length = "", , , , , , , flags = "", device] = line.trim().split(/\s+/);
    if (!device || Number.parseInt(flags, 16) & elsewhere) return [];
    const value = numberOf(bytesOf(destination));
    return [{ device, destination: cidrFromValue(6, value, Number.parseInt(length, 16)) }];
  });
}

function bytesOf(hex: string): number[] {
  return Array.from(hex.matchAll(/../g), ([byte]) => Number.parseInt(byte, 16));
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll("0", "").length;
}
