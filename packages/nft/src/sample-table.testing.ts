import type { Rule, Statement, Verdict } from "./rule.ts";
import type { Datatype, Element, MapElement, NftMap, NftSet } from "./set.ts";
import type { Chain, Hook, Table } from "./table.ts";

export function makeSet(
  name: string,
  key: readonly Datatype[],
  elements: readonly (readonly string[])[] = [],
  more: Partial<NftSet> = {},
): NftSet {
  return {
    name,
    key,
    ...more,
    elements: new Map(elements.map((k): [string, Element] => [k.join(" . "), { key: k }])),
  };
}

export function makeMap(
  name: string,
  key: readonly Datatype[],
  value: NftMap["value"],
  elements: readonly (readonly [readonly string[], MapElement["value"]])[] = [],
): NftMap {
  return {
    name,
    key,
    value,
    elements: new Map(elements.map(([k, v]): [string, MapElement] => [k.join(" . "), { key: k, value: v }])),
  };
}

export function makeChain(name: string, rules: readonly Rule[], hook?: Hook): Chain {
  return hook ? { name, hook, rules } : { name, rules };
}

export function makeTable(
  name: string,
  parts: { sets?: readonly NftSet[]; maps?: readonly NftMap[]; chains?: readonly Chain[] },
): Table {
  const index = <T extends { readonly name: string }>(list: readonly T[] = []): Map<string, T> =>
    new Map(list.map((object) => [object.name, object]));
  return {
    family: "inet",
    name,
    sets: index(parts.sets),
    maps: index(parts.maps),
    chains: index(parts.chains),
  };
}

export function rule(...statements: readonly Statement[]): Rule {
  return { statements };
}

export function verdict(kind: Verdict["kind"], chain = ""): Statement {
  return { kind: "verdict", verdict: kind === "jump" || kind === "goto" ? { kind, chain } : { kind } };
}

export const counter: Statement = { kind: "counter" };
export const accept: Statement = verdict("accept");
export const drop: Statement = verdict("drop");

/** Every construct that the package can write, in canonical form, in one table that the kernel takes. */
export function sampleTable(name = "pc_sample"): Table {
  const flowKey: readonly Datatype[] = ["ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"];
  const service: Statement["kind"] = "vmap";
  const tcp: Statement = { kind: "match", fields: ["meta l4proto"], values: [["tcp"]] };
  const forward: Hook = { type: "filter", hook: "forward", priority: -5, policy: "drop" };
  return makeTable(name, {
    sets: [
      makeSet("s_four", ["ipv4_addr"], [["10.1.0.1"], ["10.1.0.2"]]),
      makeSet("s_six", ["ipv6_addr"], [["fd00::1"], ["::"], ["::ffff:102:304"], ["fd00:1:0:0:1::"]]),
      makeSet(
        "s_cidr",
        ["ipv4_addr", "inet_proto", "inet_service"],
        [
          ["10.0.0.0/8", "tcp", "80-90"],
          ["11.0.0.5-11.0.0.9", "udp", "53"],
          ["14.0.0.0/7", "sctp", "0-65535"],
          ["12.0.0.1", "icmp", "1"],
          ["12.0.0.1", "89", "1"],
          ["13.0.0.0/8", "0-255", "0-65535"],
        ],
        { interval: true },
      ),
      makeSet(
        "s_cidr6",
        ["ipv6_addr", "inet_proto"],
        [
          ["fd00::/8", "tcp"],
          ["::/0", "udp"],
          ["fe80::1-fe80::9", "icmpv6"],
        ],
        {
          interval: true,
        },
      ),
      makeSet("s_drops", flowKey, [], { dynamic: true, timeout: 300, size: 4096 }),
      makeSet("s_seen", ["ipv4_addr"], [], { dynamic: true, size: 65535 }),
      makeSet("s_links", ["ifname", "ipv4_addr"], [["eth0", "10.1.0.1"]]),
      makeSet("s_link", ["ifname"], [["tcp"], ["lo"]]),
      makeSet("s_marks", ["mark", "ipv4_addr"], [["0x4000", "10.1.0.1"]]),
      makeSet("s_empty", ["inet_proto", "inet_service"]),
    ],
    maps: [
      makeMap("m_pods", ["ipv4_addr"], "verdict", [
        [["10.1.0.1"], { kind: "jump", chain: "c_allow" }],
        [["10.1.0.2"], { kind: "goto", chain: "c_deny" }],
        [["10.1.0.3"], { kind: "accept" }],
        [["10.1.0.4"], { kind: "drop" }],
        [["10.1.0.5"], { kind: "return" }],
      ]),
      makeMap("m_services", ["ipv4_addr", "inet_proto", "inet_service"], "verdict", [
        [["10.96.0.1", "tcp", "80"], { kind: "goto", chain: "c_nat" }],
      ]),
      makeMap(
        "m_backends",
        ["ipv4_addr"],
        ["ipv4_addr", "inet_service"],
        [[["10.96.0.1"], ["10.1.0.1", "80"]]],
      ),
    ],
    chains: [
      makeChain("c_nat", [
        rule(tcp, {
          kind: "dnat",
          family: "ip",
          to: [
            { address: "10.1.0.1", port: 80 },
            { address: "10.1.0.2", port: 80 },
          ],
        }),
        rule(tcp, { kind: "dnat", family: "ip", to: [{ address: "10.1.0.1", port: 8080 }] }),
        rule(
          { kind: "match", fields: ["meta l4proto"], values: [["tcp"], ["udp"]] },
          { kind: "dnat", family: "ip6", to: [{ address: "fd00::1", port: 80 }] },
        ),
        rule(tcp, {
          kind: "dnat",
          family: "ip6",
          to: [
            { address: "fd00::1", port: 80 },
            { address: "fd00::2", port: 80 },
          ],
        }),
      ]),
      makeChain("c_deny", [
        rule({
          kind: "update",
          set: "s_drops",
          fields: ["ip saddr", "ip daddr", "meta l4proto", "th dport"],
          counter: true,
        }),
        rule({ kind: "update", set: "s_seen", fields: ["ip saddr"], counter: false }),
        rule(
          { kind: "limit", rate: 100, per: "second" },
          { kind: "log", group: 5, prefix: "pc:deny in/1 #{};'" },
        ),
        rule({ kind: "limit", rate: 60, per: "minute", burst: 9 }, { kind: "log", group: 6 }),
        rule(tcp, { kind: "reject", with: "tcp reset" }),
        rule({ kind: "reject", with: "icmpx admin-prohibited" }),
      ]),
      makeChain("c_allow", [
        {
          statements: [
            { kind: "lookup", fields: ["ip saddr"], set: "s_four" },
            { kind: "counter", value: { packets: 3, bytes: 60 } },
            accept,
          ],
          comment: "default/web ingress[0] \\ {}; $x",
        },
        rule({ kind: "lookup", fields: ["ip saddr"], not: true, set: "s_four" }, accept),
        rule({ kind: "lookup", fields: ["ip saddr", "meta l4proto", "th dport"], set: "s_cidr" }, accept),
        rule({ kind: "lookup", fields: ["ip6 saddr", "meta l4proto"], set: "s_cidr6" }, accept),
        rule({ kind: "lookup", fields: ["meta iifname", "ip saddr"], set: "s_links" }, accept),
        rule({ kind: "lookup", fields: ["meta oifname"], set: "s_link" }, accept),
        rule({ kind: "match", fields: ["tcp dport"], values: [["80"]] }, accept),
        rule({ kind: "match", fields: ["udp sport"], values: [["1000-2000"], ["53"]].reverse() }, accept),
        rule({ kind: "match", fields: ["sctp dport"], not: true, values: [["53"]] }, accept),
        rule({ kind: "match", fields: ["th dport"], values: [["53"]] }, accept),
        rule({ kind: "match", fields: ["ip saddr"], values: [["10.0.0.0/8"]] }, accept),
        rule(
          { kind: "match", fields: ["ip saddr"], not: true, values: [["10.0.0.0/9"], ["11.0.0.5-11.0.0.7"]] },
          accept,
        ),
        rule({ kind: "match", fields: ["ip6 daddr"], values: [["fd00::1"], ["fd00::2"]] }, accept),
        rule({ kind: "match", fields: ["ip saddr", "ip daddr"], values: [["10.0.0.1", "10.0.0.2"]] }, accept),
        rule(
          {
            kind: "match",
            fields: ["meta l4proto", "th dport"],
            values: [
              ["tcp", "80"],
              ["udp", "53"],
            ],
          },
          accept,
        ),
        rule({ kind: "match", fields: ["meta l4proto"], values: [["icmpv6"]] }, accept),
        rule({ kind: "match", fields: ["meta l4proto"], not: true, values: [["icmp"], ["sctp"]] }, accept),
        rule({ kind: "match", fields: ["meta nfproto"], values: [["ipv6"]] }, accept),
        rule({ kind: "match", fields: ["meta iifname"], values: [["lo"]] }, accept),
        rule({ kind: "match", fields: ["meta oifname"], not: true, values: [["eth0"], ["lo"]] }, accept),
        rule({ kind: "match", fields: ["ct direction"], values: [["reply"]] }, accept),
        rule({ kind: "match", fields: ["ct state"], not: true, values: [["established"], ["new"]] }, accept),
        rule({ kind: "flags", mask: ["fin", "syn"], value: [] }, drop),
        rule({ kind: "flags", mask: ["fin", "syn"], not: true, value: [] }, drop),
        rule({ kind: "flags", mask: ["syn"], value: ["syn"] }, drop),
        rule({ kind: "flags", mask: ["syn"], not: true, value: ["syn"] }, drop),
        rule({ kind: "flags", mask: ["ack", "syn"], value: ["ack", "syn"] }, drop),
        rule(verdict("return")),
      ]),
      makeChain(
        "c_forward",
        [
          rule({ kind: "match", fields: ["ct state"], values: [["established"], ["related"]] }, accept),
          rule({ kind: "match", fields: ["ct state"], values: [["invalid"]] }, drop),
          rule(
            { kind: "match", fields: ["ct state"], values: [["new"]] },
            { kind: "flags", mask: ["ack", "fin", "rst", "syn"], not: true, value: ["syn"] },
            drop,
          ),
          rule({ kind: service, fields: ["ip saddr"], map: "m_pods" }),
          rule({ kind: "counter", value: { packets: 0, bytes: 0 } }, verdict("jump", "c_allow")),
          rule(verdict("goto", "c_deny")),
        ],
        forward,
      ),
      makeChain(
        "c_pre",
        [rule({ kind: service, fields: ["ip daddr", "meta l4proto", "th dport"], map: "m_services" })],
        { type: "nat", hook: "prerouting", priority: -100, policy: "accept" },
      ),
      makeChain("c_post", [rule({ kind: "masquerade" })], {
        type: "nat",
        hook: "postrouting",
        priority: 100,
        policy: "accept",
      }),
      makeChain("c_out", [], { type: "route", hook: "output", priority: -150, policy: "accept" }),
    ],
  });
}
