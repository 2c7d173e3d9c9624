import { type AddressFamily, formatAddressInterval, type Interval, parseAddressInterval } from "./address.ts";
import {
  ctDirectionVocabulary,
  ctStateVocabulary,
  ctStatusVocabulary,
  nfprotoVocabulary,
  protocolVocabulary,
  type Vocabulary,
} from "./numbers.ts";
import type { Field } from "./rule.ts";
import type { Datatype } from "./set.ts";

/** Types of what a rule can read: those of set keys, and those that only rules know. */
export type FieldType =
  | Datatype
  | "nf_proto"
  | "ct_state"
  | "ct_status"
  | "ct_dir"
  | "iface_index"
  | "hop_limit"
  | "icmpv6_type";

export const fieldTypes: Readonly<Record<Field, FieldType>> = {
  "ip saddr": "ipv4_addr",
  "ip daddr": "ipv4_addr",
  "ip6 saddr": "ipv6_addr",
  "ip6 daddr": "ipv6_addr",
  "meta l4proto": "inet_proto",
  "meta nfproto": "nf_proto",
  "meta iifname": "ifname",
  "meta oifname": "ifname",
  "meta oif": "iface_index",
  "th sport": "inet_service",
  "th dport": "inet_service",
  "tcp sport": "inet_service",
  "tcp dport": "inet_service",
  "udp sport": "inet_service",
  "udp dport": "inet_service",
  "sctp sport": "inet_service",
  "sctp dport": "inet_service",
  "ip6 hoplimit": "hop_limit",
  "icmpv6 type": "icmpv6_type",
  "ct state": "ct_state",
  "ct status": "ct_status",
  "ct direction": "ct_dir",
};

const vocabularies: Partial<Record<FieldType, Vocabulary>> = {
  inet_proto: protocolVocabulary,
  nf_proto: nfprotoVocabulary,
  ct_state: ctStateVocabulary,
  ct_status: ctStatusVocabulary,
  ct_dir: ctDirectionVocabulary,
};

function isAddressType(type: FieldType): type is AddressFamily {
  return type === "ipv4_addr" || type === "ipv6_addr";
}

/** Largest number of a type whose values are plain numbers. */
const largest: Partial<Record<FieldType, number>> = {
  inet_proto: 0xff,
  inet_service: 0xffff,
  hop_limit: 0xff,
  icmpv6_type: 0xff,
  iface_index: 0x7fffffff,
};

/** Whether values of this type can be ranges, which the kernel then merges in anonymous sets. */
export function isRangeType(type: FieldType): boolean {
  return isAddressType(type) || type in largest;
}

/** Whether a match means that one of several bits is set, and not that the value is one of several. */
export function isMaskType(type: FieldType): boolean {
  return type === "ct_state" || type === "ct_status";
}

function parseNumbers(text: string, max: number): Interval | undefined {
  const match = /^([0-9]{1,10})(?:-([0-9]{1,10}))?$/.exec(text);
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return first <= last && last <= max ? { first: BigInt(first), last: BigInt(last) } : undefined;
}

/** The numbers that a value of a range type covers; undefined for a text that is none. */
export function parseInterval(type: FieldType, text: string): Interval | undefined {
  if (isAddressType(type)) return parseAddressInterval(type, text);
  const plain = type === "inet_proto" ? String(protocolVocabulary.number(text) ?? text) : text;
  return parseNumbers(plain, largest[type] ?? 0);
}

/** The canonical text of an interval. */
export function formatInterval(type: FieldType, interval: Interval): string {
  if (isAddressType(type)) return formatAddressInterval(type, interval);
  const { first, last } = interval;
  if (first !== last) return `${first}-${last}`;
  return (type === "inet_proto" && protocolVocabulary.canonical(`${first}`)) || `${first}`;
}

const plainIpv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;
const plainNumber = /^(?:0|[1-9][0-9]{0,8})$/;

/**
 * The one text that stands for a value: `10.0.0.0/8` also for `10.0.0.0-10.255.255.255`, `tcp` also for `6`, `0x4000`
 * also for `0x00004000`, an interface name without quotes. What is read from the kernel is in this form, and whoever
 * writes elements uses it, so that texts can be compared. Undefined for a text that is no value of the type.
 */
export function canonicalValue(type: FieldType, text: string): string | undefined {
  if (type === "ifname") return text;
  if (type === "mark") {
    const mark = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text) ? Number(text) : Number.NaN;
    return mark <= 0xffffffff ? `0x${mark.toString(16)}` : undefined;
  }
  const vocabulary = vocabularies[type];
  if (vocabulary && !isRangeType(type)) return vocabulary.canonical(text);
  // What the kernel prints is canonical already unless it is a range, or IPv6 with a dotted tail.
  if (type === "ipv4_addr" && plainIpv4.test(text)) return text;
  const max = largest[type];
  if (max !== undefined && plainNumber.test(text) && Number(text) <= max)
    return type === "inet_proto" ? protocolVocabulary.canonical(text) : text;
  const interval = parseInterval(type, text);
  return interval && formatInterval(type, interval);
}

/**
 * A value as nft reads it: protocols and the like by number, interface names quoted.
 * @throws Error for a text that is no value of the type (our bug).
 */
export function formatValue(type: FieldType, text: string): string {
  if (type === "ifname") {
    if (!/^[^\s"/]{1,16}$/.test(text)) throw new Error(`not an interface name: ${JSON.stringify(text)}`);
    return `"${text}"`;
  }
  const number = vocabularies[type]?.number(text);
  if (number !== undefined) return isMaskType(type) ? `0x${number.toString(16)}` : `${number}`;
  if (type === "inet_proto" && parseInterval(type, text)) return text;
  if (vocabularies[type] || !/^[0-9a-fx][0-9a-fx.:/-]*$|^::[0-9a-f.:/-]*$/i.test(text))
    throw new Error(`not a value of type ${type}: ${JSON.stringify(text)}`);
  return text;
}
