/**
 * Names of the numbers that nft prints with `-n` and that we always write: names are looked up in /etc/protocols and
 * /etc/services, which a small container image does not have.
 */

/** IANA protocol numbers that have a name in our tables; every other protocol is its number. */
const protocols: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["igmp", 2],
  ["tcp", 6],
  ["udp", 17],
  ["gre", 47],
  ["esp", 50],
  ["ah", 51],
  ["icmpv6", 58],
  ["sctp", 132],
  ["udplite", 136],
]);

/** Bits of `ct state` (linux/netfilter/nf_conntrack_common.h, as nft shifts them). */
const ctStates: ReadonlyMap<string, number> = new Map([
  ["invalid", 1],
  ["established", 2],
  ["related", 4],
  ["new", 8],
  ["untracked", 64],
]);

/** Bits of `ct status` (IPS_* in linux/netfilter/nf_conntrack_common.h). */
const ctStatuses: ReadonlyMap<string, number> = new Map([
  ["expected", 1],
  ["seen-reply", 2],
  ["assured", 4],
  ["confirmed", 8],
  ["snat", 16],
  ["dnat", 32],
  ["dying", 512],
]);

const ctDirections: ReadonlyMap<string, number> = new Map([
  ["original", 0],
  ["reply", 1],
]);

/** Bits of the TCP flags octet (RFC 9293, section 3.1). */
export const tcpFlagBits: ReadonlyMap<string, number> = new Map([
  ["fin", 1],
  ["syn", 2],
  ["rst", 4],
  ["psh", 8],
  ["ack", 16],
  ["urg", 32],
  ["ecn", 64],
  ["cwr", 128],
]);

const nfprotos: ReadonlyMap<string, number> = new Map([
  ["ipv4", 2],
  ["ipv6", 10],
]);

function inverse(names: ReadonlyMap<string, number>): ReadonlyMap<number, string> {
  return new Map([...names].map(([name, number]) => [number, name]));
}

/** One vocabulary: names to numbers and back. */
export class Vocabulary {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #names: ReadonlyMap<number, string>;

  constructor(numbers: ReadonlyMap<string, number>) {
    this.#numbers = numbers;
    this.#names = inverse(numbers);
  }

  /** The number of a name or of a number's text (decimal or 0x…); undefined for anything else. */
  number(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    return /^(0x[0-9a-f]+|[0-9]+)$/i.test(text) ? Number(text) : undefined;
  }

  /** The name where there is one, else the decimal number; undefined for a text that is neither. */
  canonical(text: string): string | undefined {
    const number = this.number(text);
    return number === undefined ? undefined : (this.#names.get(number) ?? String(number));
  }
}

const aliases: ReadonlyMap<string, string> = new Map([
  ["ipv6-icmp", "icmpv6"],
  ["ICMPv6", "icmpv6"],
]);

class ProtocolVocabulary extends Vocabulary {
  override number(text: string): number | undefined {
    return super.number(aliases.get(text) ?? text);
  }
}

export const protocolVocabulary: Vocabulary = new ProtocolVocabulary(protocols);
export const ctStateVocabulary: Vocabulary = new Vocabulary(ctStates);
export const ctStatusVocabulary: Vocabulary = new Vocabulary(ctStatuses);
export const ctDirectionVocabulary: Vocabulary = new Vocabulary(ctDirections);
export const nfprotoVocabulary: Vocabulary = new Vocabulary(nfprotos);
export const tcpFlagVocabulary: Vocabulary = new Vocabulary(tcpFlagBits);
