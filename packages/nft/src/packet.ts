import { canonicalValue } from "./field.ts";
import { tcpFlagBits } from "./numbers.ts";
import type { Field } from "./rule.ts";

/** A packet as the rules see it. */
export interface Packet {
  readonly family: "ip" | "ip6";
  readonly saddr: string;
  readonly daddr: string;
  readonly protocol: "tcp" | "udp" | "sctp" | "icmp" | "icmpv6";
  /** Ports. What has none matches no port. */
  readonly sport?: number;
  readonly dport?: number;
  /** Hops that are left to an IPv6 packet. Default: 64. */
  readonly hopLimit?: number;
  /** Of an ICMPv6 message (RFC 4443, section 2.1). Default: 128, echo request. */
  readonly icmpv6Type?: number;
  readonly ctState: "new" | "established" | "related" | "invalid" | "untracked";
  /** Whether an earlier packet of the connection has passed. Default: not for a new one. */
  readonly confirmed?: boolean;
  /** Default: original. */
  readonly ctDirection?: "original" | "reply";
  /** Names as in `tcp flags`. Default: syn for a new TCP connection, else ack. */
  readonly tcpFlags?: readonly string[];
  readonly iifname?: string;
  readonly oifname?: string;
  /** Routed through this host, to it, or from it. */
  readonly path: "forward" | "input" | "output";
  /** Bytes, for the counters. Default: 60. */
  readonly length?: number;
}

/** Reads fields off one packet; destinations change under way. */
export class PacketView {
  readonly packet: Packet;
  readonly length: number;
  readonly #flags: number;
  readonly #values = new Map<Field, string | undefined>();
  #daddr: string;
  #dport: number | undefined;

  /** @throws Error when an address is none of the packet's family (our bug). */
  constructor(packet: Packet) {
    this.packet = packet;
    this.length = packet.length ?? 60;
    this.#daddr = packet.daddr;
    this.#dport = packet.dport;
    const flags = packet.tcpFlags ?? (packet.ctState === "new" ? ["syn"] : ["ack"]);
    this.#flags = flags.reduce((bits, flag) => bits | (tcpFlagBits.get(flag) ?? 0), 0);
  }

  get daddr(): string {
    return this.#daddr;
  }

  get dport(): number | undefined {
    return this.#dport;
  }

  /** Gives the packet a new destination. */
  redirect(address: string, port: number): void {
    this.#daddr = address;
    this.#dport = port;
    this.#values.clear();
  }

  /** Bits of the TCP flags; undefined for another protocol. */
  get flags(): number | undefined {
    return this.packet.protocol === "tcp" ? this.#flags : undefined;
  }

  /** The field's canonical value; undefined for a field that the packet does not have, which no rule matches. */
  read(field: Field): string | undefined {
    const known = this.#values.get(field);
    if (known !== undefined || this.#values.has(field)) return known;
    const value = this.#read(field);
    this.#values.set(field, value);
    return value;
  }

  /** Values of several fields; undefined when one is missing. */
  readAll(fields: readonly Field[]): string[] | undefined {
    const [first] = fields;
    if (fields.length === 1 && first !== undefined) {
      const value = this.read(first);
      return value === undefined ? undefined : [value];
    }
    const values: string[] = [];
    for (const field of fields) {
      const value = this.read(field);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #address(family: "ip" | "ip6", address: string): string | undefined {
    if (family !== this.packet.family) return undefined;
    const value = canonicalValue(family === "ip" ? "ipv4_addr" : "ipv6_addr", address);
    if (value === undefined) throw new Error(`${address} is no address of family ${family}`);
    return value;
  }

  #port(protocol: string, port: number | undefined): string | undefined {
    return protocol !== "th" && protocol !== this.packet.protocol ? undefined : port?.toString();
  }

  #read(field: Field): string | undefined {
    switch (field) {
      case "ip saddr":
      case "ip6 saddr":
        return this.#address(field === "ip saddr" ? "ip" : "ip6", this.packet.saddr);
      case "ip daddr":
      case "ip6 daddr":
        return this.#address(field === "ip daddr" ? "ip" : "ip6", this.#daddr);
      case "meta l4proto":
        return this.packet.protocol;
      case "meta nfproto":
        return this.packet.family === "ip" ? "ipv4" : "ipv6";
      case "meta iifname":
        return this.packet.iifname ?? "";
      case "meta oifname":
        return this.packet.oifname ?? "";
      case "meta oif":
        // One number stands for whatever interface; what is delivered here has none.
        return this.packet.path === "input" ? "0" : "1";
      case "ip6 hoplimit":
        return this.packet.family === "ip6" ? `${this.packet.hopLimit ?? 64}` : undefined;
      case "icmpv6 type":
        return this.packet.protocol === "icmpv6" ? `${this.packet.icmpv6Type ?? 128}` : undefined;
      case "ct status":
        return (this.packet.confirmed ?? this.packet.ctState !== "new") ? "confirmed" : "0";
      case "ct state":
        return this.packet.ctState;
      case "ct direction":
        return this.packet.ctDirection ?? "original";
      default: {
        const [protocol = "", side] = field.split(" ");
        return this.#port(protocol, side === "sport" ? this.packet.sport : this.#dport);
      }
    }
  }
}
