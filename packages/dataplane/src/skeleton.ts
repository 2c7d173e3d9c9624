import type { Cidr, Direction } from "@portcullis/engine";
import type { Chain, NftSet, Rule, Statement } from "@portcullis/nft";
import { countFlow, flowSets, type Tally } from "./flow-sets.ts";
import { type IpVersion, ipVersions, names } from "./names.ts";
import { goto, ip, lookup, match, rule, verdict, vmap, within } from "./statements.ts";

export interface SkeletonOptions {
  /** Addresses that belong to local pods: one that is in no dispatch map yet is closed, never open. */
  readonly podCidrs: readonly Cidr[];
  /** What a denied packet gets; `reject` answers so that clients need not wait for their timeout. */
  readonly denied: "drop" | "reject";
  /** Whether allowed connections are counted by flow. */
  readonly flows: boolean;
}

/**
 * After whatever others filter at 0 (iptables, kube-proxy's refusal of Services without endpoints) and at 10 (firewalld),
 * so that what we count as dropped or allowed is what would have passed without us. Address translation is on other
 * hooks: destinations are translated before forward and input, sources after.
 */
const priority = 20;

/** nflog group of the rate-limited stream of denied packets. */
const logGroup = 5;

/**
 * The part of the table that does not depend on policies: written once, never deleted, so that no update can ever
 * unhook it.
 *
 * pods_forward  what passes through the node: only packets from or to local pods are judged
 * pods_input    what local pods send to the node itself: judged by their egress, as any other destination
 * c_pods        whatever c_judge and all that it leads to leave undecided is dropped
 * c_judge       looks the packet up by its source among the local pods: their egress chains
 * c_ingress     then by its destination: their ingress chains
 * c_link_local  what comes from a pod by an address that only its link knows
 *
 * Both base chains accept what is no pod's: on a node there is more than pods, and it is not ours to judge.
 */
export function skeletonChains(options: SkeletonOptions): readonly Chain[] {
  const accept = verdict({ kind: "accept" });
  const known = rule(match(["ct state"], "established", "related"), accept);
  const byLink = rule(
    match(["ip6 saddr"], "fe80::/10"),
    lookup(["meta iifname"], names.links),
    goto(names.linkLocal),
  );
  return [
    deny("Ingress", options),
    deny("Egress", options),
    unprogrammed("Ingress"),
    unprogrammed("Egress"),
    { name: names.allowed, rules: [...(options.flows ? countNew() : []), rule(accept)] },
    linkLocal(),
    { name: names.ingress, rules: ingressRules(options) },
    { name: names.judge, rules: judgeRules(options) },
    {
      name: names.pods,
      rules: [
        rule(verdict({ kind: "jump", chain: names.judge })),
        rule({ kind: "counter" }, verdict({ kind: "drop" })),
      ],
    },
    {
      name: names.forward,
      hook: { type: "filter", hook: "forward", priority, policy: "accept" },
      rules: [known, ...ofLocalPods(options, ["saddr", "daddr"]), byLink],
    },
    {
      name: names.input,
      hook: { type: "filter", hook: "input", priority, policy: "accept" },
      rules: [rule(match(["meta iifname"], "lo"), accept), known, ...ofLocalPods(options, ["saddr"]), byLink],
    },
  ];
}

/** The sets that the skeleton's rules count in. */
export function skeletonSets({ flows }: Pick<SkeletonOptions, "flows">): readonly NftSet[] {
  const tallies: readonly Tally[] = [
    "drops_ingress",
    "drops_egress",
    "unprogrammed_ingress",
    "unprogrammed_egress",
    ...(flows ? (["flows"] as const) : []),
  ];
  return tallies.flatMap(flowSets);
}

/** Prefixes first: they are a comparison, where the addresses of pods elsewhere are a look into a set. */
function ofLocalPods({ podCidrs }: SkeletonOptions, ends: readonly ("saddr" | "daddr")[]): readonly Rule[] {
  return [
    ...podCidrs.flatMap((cidr) => ends.map((end) => rule(within(cidr, end), goto(names.pods)))),
    ...ipVersions.flatMap((v) =>
      ends.map((end) => rule(lookup([ip(v, end)], names.local[v]), goto(names.pods))),
    ),
  ];
}

/**
 * On its link a pod also has an address that policies and the API do not know, by which it could reach the node and
 * all pods of the same bridge: it serves for finding neighbours (130 to 137) and memberships (143, RFC 3810), no more.
 */
function linkLocal(): Chain {
  const allow = (type: string) => rule(match(["icmpv6 type"], type), verdict({ kind: "accept" }));
  return {
    name: names.linkLocal,
    rules: [allow("130-137"), allow("143"), rule(goto(names.unprogrammed.Egress))],
  };
}

function judgeRules(options: SkeletonOptions): readonly Rule[] {
  return [
    rule(match(["ct state"], "invalid"), verdict({ kind: "drop" })),
    // A connection that was cut must not come back when its other side speaks first.
    rule(
      match(["meta l4proto"], "tcp"),
      match(["ct state"], "new"),
      { kind: "flags", mask: ["fin", "syn", "rst", "ack"], not: true, value: ["syn"] },
      verdict({ kind: "drop" }),
    ),
    ...bySource(4, options),
    // Neighbours find each other by messages 133 to 137 (RFC 4861): without them a pod cannot even be answered. They
    // come with a hop limit of 255, which no packet has that passed a router.
    rule(match(["ip6 hoplimit"], "255"), match(["icmpv6 type"], "133-137"), verdict({ kind: "accept" })),
    ...bySource(6, options),
    rule(goto(names.ingress)),
  ];
}

function bySource(version: IpVersion, { podCidrs }: SkeletonOptions): readonly Rule[] {
  const source = ip(version, "saddr");
  return [
    rule(lookup([source, ip(version, "daddr")], names.self[version]), goto(names.allowed)),
    rule(vmap([source], names.dispatch.Egress[version])),
    ...podCidrs
      .filter(({ family }) => family === version)
      .map((cidr) => rule(within(cidr, "saddr"), goto(names.unprogrammed.Egress))),
    // A pod of no range that we know is one as soon as this set says so, a moment before its chains are there.
    rule(lookup([source], names.local[version]), goto(names.unprogrammed.Egress)),
  ];
}

function ingressRules(options: SkeletonOptions): readonly Rule[] {
  return [
    ...ipVersions.map((v) => rule(vmap([ip(v, "daddr")], names.dispatch.Ingress[v]))),
    // What leaves by no interface is for the node itself, whose own address may be of the pods' range (a bridge's is).
    ...options.podCidrs.map((cidr) =>
      rule(
        within(cidr, "daddr"),
        { kind: "match", fields: ["meta oif"], not: true, values: [["0"]] },
        goto(names.unprogrammed.Ingress),
      ),
    ),
    ...ipVersions.map((v) =>
      rule(lookup([ip(v, "daddr")], names.local[v]), goto(names.unprogrammed.Ingress)),
    ),
    rule(goto(names.allowed)),
  ];
}

/** A connection counts once, though each packet of one that is never answered is new to connection tracking. */
function countNew(): readonly Rule[] {
  return [rule(match(["ct status"], "confirmed"), verdict({ kind: "accept" })), ...countFlow("flows")];
}

function deny(direction: Direction, options: SkeletonOptions): Chain {
  const refuse: readonly Rule[] =
    options.denied === "drop"
      ? []
      : [
          rule(match(["meta l4proto"], "tcp"), { kind: "reject", with: "tcp reset" }),
          rule({ kind: "reject", with: "icmpx admin-prohibited" }),
        ];
  return {
    name: names.deny[direction],
    rules: [
      ...countFlow(direction === "Ingress" ? "drops_ingress" : "drops_egress"),
      rule(...logged(`portcullis ${direction} `)),
      rule({ kind: "counter" }),
      ...refuse,
      rule(verdict({ kind: "drop" })),
    ],
  };
}

function unprogrammed(direction: Direction): Chain {
  return {
    name: names.unprogrammed[direction],
    rules: [
      ...countFlow(direction === "Ingress" ? "unprogrammed_ingress" : "unprogrammed_egress"),
      rule(...logged("portcullis unprogrammed ")),
      rule({ kind: "counter" }),
      rule(verdict({ kind: "drop" })),
    ],
  };
}

function logged(prefix: string): readonly Statement[] {
  return [
    { kind: "limit", rate: 100, per: "second" },
    { kind: "log", group: logGroup, prefix },
  ];
}
