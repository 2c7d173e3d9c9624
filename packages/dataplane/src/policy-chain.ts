import type { Cidr, PolicyChain, PortRange, ProgramRule } from "@portcullis/engine";
import type { Chain, Field, NftSet, Rule, Statement } from "@portcullis/nft";
import { elementsOf } from "./member-sets.ts";
import { contentName, type IpVersion, ipVersions, names } from "./names.ts";
import { goto, ip, lookup, match, rule, verdict, within } from "./statements.ts";

/** A policy's rule, as a counter in the kernel is attributed to it. */
export interface RuleRef {
  /** `namespace/name`. */
  readonly policy: string;
  readonly direction: "Ingress" | "Egress";
  /** Index in the policy's `ingress` or `egress`. */
  readonly index: number;
}

/** A policy chain as nftables objects. `refs[i]` is the policy rule behind `chain.rules[i]`; the last rule denies. */
export interface RenderedChain {
  readonly chain: Chain;
  readonly refs: readonly (RuleRef | undefined)[];
  /** Sets of prefixes that only this chain's content decides; shared with other chains that list the same prefixes. */
  readonly cidrSets: readonly NftSet[];
}

/** Whether the sets that a chain names have members of an address family. A rule against an empty set is left out. */
export interface Members {
  addressSet(id: string): { readonly [V in IpVersion]: string | undefined };
  endpointSet(id: string): { readonly [V in IpVersion]: string | undefined };
}

/** Up to so many prefixes or ports stand in rules of their own; more go into a set. */
const inlineLimit = 3;

/** To be raised when the rules that are made of the same chain change. */
const rendering = 2;

export function policyChainName(id: string, shape: string): string {
  return contentName("p", `${rendering}\n${id}\n${shape}`);
}

/** Which of its sets have members, as text: part of the chain's identity, because it decides which rules there are. */
export function chainShape(chain: PolicyChain, members: Members): string {
  let shape = "";
  for (const each of chain.rules) {
    if (each.peers !== "any" && each.peers.addressSet !== undefined)
      shape += bits(members.addressSet(each.peers.addressSet));
    if (each.endpoints !== undefined) shape += bits(members.endpointSet(each.endpoints));
  }
  return shape;
}

export function renderPolicyChain(source: PolicyChain, name: string, members: Members): RenderedChain {
  const rules: Rule[] = [];
  const refs: (RuleRef | undefined)[] = [];
  const cidrSets = new Map<string, NftSet>();
  const allow = goto(source.direction === "Ingress" ? names.allowed : names.ingress);
  for (const each of source.rules) {
    const ref: RuleRef = { policy: each.policy, direction: source.direction, index: each.index };
    const comment = `${each.policy} ${source.direction.toLowerCase()}[${each.index}]`;
    for (const conditions of conditionsOf(each, source.direction, members, cidrSets)) {
      rules.push({ statements: [...conditions, { kind: "counter" }, allow], comment });
      refs.push(ref);
    }
  }
  rules.push(rule(verdict({ kind: "goto", chain: names.deny[source.direction] })));
  refs.push(undefined);
  return { chain: { name, rules }, refs, cidrSets: [...cidrSets.values()] };
}

/** The alternatives under which a rule matches: one nftables rule each. */
function* conditionsOf(
  source: ProgramRule,
  direction: "Ingress" | "Egress",
  members: Members,
  cidrSets: Map<string, NftSet>,
): Iterable<readonly Statement[]> {
  const end = direction === "Ingress" ? "saddr" : "daddr";
  const ports = portConditions(source.ports);
  for (const peer of peerConditions(source.peers, end, members, cidrSets)) {
    for (const port of ports) yield [...peer, ...port];
  }
  if (source.endpoints === undefined) return;
  for (const version of ipVersions) {
    const set = members.endpointSet(source.endpoints)[version];
    if (set !== undefined) yield [lookup([ip(version, end), "meta l4proto", "th dport"], set)];
  }
}

function peerConditions(
  peers: ProgramRule["peers"],
  end: "saddr" | "daddr",
  members: Members,
  cidrSets: Map<string, NftSet>,
): readonly (readonly Statement[])[] {
  if (peers === "any") return [[]];
  const conditions: Statement[][] = [];
  for (const version of ipVersions) {
    const set = peers.addressSet === undefined ? undefined : members.addressSet(peers.addressSet)[version];
    if (set !== undefined) conditions.push([lookup([ip(version, end)], set)]);
    const cidrs = peers.cidrs.filter((cidr) => cidr.family === version);
    if (cidrs.length <= inlineLimit) {
      for (const cidr of cidrs) conditions.push([within(cidr, end)]);
    } else {
      const cidrSet = cidrSetOf(version, cidrs);
      cidrSets.set(cidrSet.name, cidrSet);
      conditions.push([lookup([ip(version, end), "meta l4proto"], cidrSet.name)]);
    }
  }
  return conditions;
}

/**
 * A concatenation with every protocol, because plain interval sets are re-read whole at each later element command
 * and concatenated ones are not.
 */
function cidrSetOf(version: IpVersion, cidrs: readonly Cidr[]): NftSet {
  const key = [version === 4 ? "ipv4_addr" : "ipv6_addr", "inet_proto"] as const;
  const name = contentName(`cidrs_v${version}`, cidrs.map((cidr) => cidr.text).join(" "));
  return { name, key, interval: true, elements: elementsOf(cidrs.map((cidr) => [cidr.text, "0-255"])) };
}

function portConditions(ports: ProgramRule["ports"]): readonly (readonly Statement[])[] {
  if (ports === "any") return [[]];
  const whole = ports.filter((range) => isWhole(range));
  const partial = ports.filter((range) => !isWhole(range));
  const conditions = whole.map((range) => [match(["meta l4proto"], range.protocol.toLowerCase())]);
  if (partial.length <= inlineLimit) {
    return [...conditions, ...partial.map((range) => [match([portField(range)], portText(range))])];
  }
  const values = partial.map((range) => [range.protocol.toLowerCase(), portText(range)]);
  return [...conditions, [{ kind: "match", fields: ["meta l4proto", "th dport"], values }]];
}

function isWhole(range: PortRange): boolean {
  return range.from <= 1 && range.to === 65_535;
}

function portField(range: PortRange): Field {
  return `${range.protocol.toLowerCase() as "tcp" | "udp" | "sctp"} dport`;
}

function portText(range: PortRange): string {
  return range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
}

function bits(sets: { readonly [V in IpVersion]: string | undefined }): string {
  return `${sets[4] === undefined ? 0 : 1}${sets[6] === undefined ? 0 : 1}`;
}
