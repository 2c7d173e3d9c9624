import type { Cidr, Direction } from "@portcullis/engine";
import type { Chain, NftSet, Rule, Statement } from "@portcullis/nft";
import { dropSetName, type IpVersion, ipVersions, names } from "./names.ts";
import { ip, lookup, match, rule, verdict, vmap } from "./statements.ts";

export interface SkeletonOptions {
  /** Addresses that belong to local pods: one that is in no dispatch map yet is closed, never open. */
  readonly podCidrs: readonly Cidr[];
  /** What a denied packet gets; `reject` answers so that clients need not wait for their timeout. */
  readonly denied: "drop" | "reject";
}

/** nflog group of the rate-limited stream of denied packets. */
const logGroup = 5;
const transports = [["tcp"], ["udp"], ["sctp"]];

/**
 * The part of the table that does not depend on policies: written once, never deleted, so that no update can ever
 * unhook it.
 *
 * forward  what passes between pods, and between pods and the world
 * input    what pods send to the node itself: judged by their egress policies, as any other destination
 *
 * A packet is looked up by its source among the local pods (their egress chains), then by its destination (their
 * ingress chains). What falls through every rule is dropped.
 */
export function skeletonChains(options: SkeletonOptions): readonly Chain[] {
  const toIngress = verdict({ kind: "goto", chain: names.ingress });
  const judge: readonly Rule[] = [
    rule(match(["ct state"], "established", "related"), verdict({ kind: "accept" })),
    rule(match(["ct state"], "invalid"), verdict({ kind: "drop" })),
    // A connection that was cut must not come back when its other side speaks first.
    rule(
      match(["meta l4proto"], "tcp"),
      match(["ct state"], "new"),
      { kind: "flags", mask: ["fin", "syn", "rst", "ack"], not: true, value: ["syn"] },
      verdict({ kind: "drop" }),
    ),
    ...ipVersions.map((v) =>
      rule(lookup([ip(v, "saddr"), ip(v, "daddr")], names.self[v]), verdict({ kind: "accept" })),
    ),
    ...ipVersions.map((v) => rule(vmap([ip(v, "saddr")], names.dispatch.Egress[v]))),
    ...unprogrammed(options, "saddr"),
    rule(toIngress),
  ];
  return [
    deny("Ingress", options),
    deny("Egress", options),
    {
      name: names.unprogrammed,
      rules: [
        rule({ kind: "counter" }),
        rule(...logged("portcullis unprogrammed ")),
        rule(verdict({ kind: "drop" })),
      ],
    },
    {
      name: names.ingress,
      rules: [
        ...ipVersions.map((v) => rule(vmap([ip(v, "daddr")], names.dispatch.Ingress[v]))),
        ...unprogrammed(options, "daddr"),
        rule(verdict({ kind: "accept" })),
      ],
    },
    {
      name: names.forward,
      hook: { type: "filter", hook: "forward", priority: 0, policy: "drop" },
      rules: judge,
    },
    {
      name: names.input,
      hook: { type: "filter", hook: "input", priority: 0, policy: "drop" },
      rules: [rule(match(["meta iifname"], "lo"), verdict({ kind: "accept" })), ...judge],
    },
  ];
}

/** Dynamic sets that count dropped packets by flow; bounded, and forgotten after five quiet minutes. */
export function dropSets(): readonly NftSet[] {
  return (["Ingress", "Egress"] as const).flatMap((direction) =>
    ipVersions.flatMap((v) => [dropSet(direction, v, true), dropSet(direction, v, false)]),
  );
}

function dropSet(direction: Direction, version: IpVersion, ports: boolean): NftSet {
  const address = version === 4 ? "ipv4_addr" : "ipv6_addr";
  return {
    name: dropSetName(direction, version, ports),
    key: [address, address, "inet_proto", ...(ports ? (["inet_service"] as const) : [])],
    dynamic: true,
    timeout: 300,
    // The kernel allocates the table of buckets up front: 16,384 cost half a MiB.
    size: ports ? 16_384 : 1_024,
    elements: new Map(),
  };
}

function deny(direction: Direction, options: SkeletonOptions): Chain {
  const count = (version: IpVersion, ports: boolean): Rule =>
    rule(
      { kind: "match", fields: ["meta l4proto"], not: !ports, values: transports },
      {
        kind: "update",
        set: dropSetName(direction, version, ports),
        fields: [
          ip(version, "saddr"),
          ip(version, "daddr"),
          "meta l4proto",
          ...(ports ? (["th dport"] as const) : []),
        ],
        counter: true,
      },
    );
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
      ...ipVersions.flatMap((v) => [count(v, true), count(v, false)]),
      rule(...logged(`portcullis ${direction} `)),
      rule({ kind: "counter" }),
      ...refuse,
      rule(verdict({ kind: "drop" })),
    ],
  };
}

function unprogrammed(options: SkeletonOptions, end: "saddr" | "daddr"): readonly Rule[] {
  return options.podCidrs.map((cidr) =>
    rule(match([ip(cidr.family, end)], cidr.text), verdict({ kind: "goto", chain: names.unprogrammed })),
  );
}

function logged(prefix: string): readonly Statement[] {
  return [
    { kind: "limit", rate: 100, per: "second" },
    { kind: "log", group: logGroup, prefix },
  ];
}
