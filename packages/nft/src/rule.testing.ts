import fc from "fast-check";
import type { Field, Rule, Statement } from "./rule.ts";

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(byte, byte).map(([a, b]) => `10.0.${a & 3}.${b}`);
const ipv6 = fc.tuple(byte, byte).map(([a, b]) => `fd00::${(a & 3).toString(16)}:${b.toString(16)}`);
const port = fc.integer({ min: 1, max: 300 });

function ordered(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

const ipv4Range = fc.oneof(
  { weight: 3, arbitrary: ipv4 },
  fc.tuple(byte, fc.integer({ min: 20, max: 32 })).map(([a, n]) => {
    const keep = n >= 32 ? 0xffffffff : ~((1 << (32 - n)) - 1);
    const value = ((10 << 24) | (a << 8) | (a ^ 0x5a)) & keep;
    return `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}/${n}`;
  }),
  fc
    .tuple(byte, byte)
    .map(([a, b]) => ordered(a, b))
    .map(([a, b]) => `10.0.0.${a}-10.0.1.${b}`),
);
const ipv6Range = fc.oneof(
  ipv6,
  fc.integer({ min: 16, max: 64 }).map((n) => `fd00::/${n}`),
);
const ports = fc.oneof(
  port.map(String),
  fc
    .tuple(port, port)
    .map(([a, b]) => ordered(a, b))
    .map(([a, b]) => `${a}-${b}`),
);

const values: Readonly<Partial<Record<Field, fc.Arbitrary<string>>>> = {
  "ip saddr": ipv4Range,
  "ip daddr": ipv4Range,
  "ip6 saddr": ipv6Range,
  "ip6 daddr": ipv6Range,
  "meta l4proto": fc.constantFrom("tcp", "udp", "sctp", "icmp", "icmpv6", "47"),
  "meta nfproto": fc.constantFrom("ipv4", "ipv6"),
  "meta iifname": fc.constantFrom("lo", "eth0", "tcp"),
  "th dport": ports,
  "tcp dport": ports,
  "udp dport": ports,
  "tcp sport": ports,
  "th sport": ports,
  "ct state": fc.constantFrom("new", "established", "related", "invalid", "untracked"),
  "meta oif": fc.constant("0"),
  "ct direction": fc.constantFrom("original", "reply"),
};

type Match = Extract<Statement, { kind: "match" }>;

function match(fields: readonly Field[]): fc.Arbitrary<Match> {
  return fc.tuple(fc.constantFrom(...fields), fc.boolean()).chain(([field, not]) =>
    fc.array(values[field] as fc.Arbitrary<string>, { minLength: 1, maxLength: 4 }).map(
      (list): Match => ({
        kind: "match",
        fields: [field],
        ...(not ? { not: true } : {}),
        values: list.map((v) => [v]),
      }),
    ),
  );
}

function pin(field: Field, value: string): fc.Arbitrary<Match> {
  return fc.constant({ kind: "match", fields: [field], values: [[value]] });
}

const flag = fc.uniqueArray(fc.constantFrom("fin", "syn", "rst", "psh", "ack", "urg"), {
  minLength: 1,
  maxLength: 4,
});
const flags: fc.Arbitrary<Statement> = fc.tuple(flag, fc.boolean(), fc.nat()).map(
  ([mask, not, n]): Statement => ({
    kind: "flags",
    mask,
    ...(not ? { not: true } : {}),
    value: mask.filter((_, i) => (n >> i) & 1),
  }),
);

const action: fc.Arbitrary<Statement> = fc.oneof(
  fc.constant<Statement>({ kind: "counter" }),
  fc
    .tuple(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom("second" as const, "minute" as const),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([rate, per, burst]): Statement => ({ kind: "limit", rate, per, burst })),
  fc
    .string({ unit: "binary", maxLength: 140 })
    .map((prefix): Statement => ({ kind: "log", group: 5, prefix })),
);

const last: fc.Arbitrary<Statement> = fc.constantFrom<Statement>(
  { kind: "verdict", verdict: { kind: "accept" } },
  { kind: "verdict", verdict: { kind: "drop" } },
  { kind: "reject", with: "icmpx admin-prohibited" },
);

const anyLayer = match(["meta iifname", "meta oif", "ct state", "ct direction"]);

/** Matches of one network layer each: nft refuses rules that contradict themselves. */
const networks: readonly fc.Arbitrary<Statement>[] = [
  match(["meta nfproto"]),
  fc.oneof(
    match(["ip saddr", "ip daddr"]),
    pin("meta nfproto", "ipv4"),
    pin("ip saddr", "10.0.0.1"),
    pin("ip daddr", "10.0.0.2"),
  ),
  fc.oneof(
    match(["ip6 saddr", "ip6 daddr"]),
    pin("meta nfproto", "ipv6"),
    pin("ip6 saddr", "fd00::1"),
    pin("ip6 daddr", "fd00::2"),
  ),
];

/** And of one transport each. `th` and `tcp` ports in one rule, next to each other, nft would tell as one protocol's. */
const transports: readonly fc.Arbitrary<Statement>[] = [
  match(["meta l4proto"]),
  match(["th dport", "th sport"]),
  fc.oneof(
    match(["tcp dport", "tcp sport"]),
    pin("meta l4proto", "tcp"),
    flags,
    pin("tcp dport", "80"),
    pin("tcp sport", "81"),
  ),
  fc.oneof(match(["th dport"]), pin("meta l4proto", "tcp")),
  fc.oneof(match(["udp dport", "th dport"]), pin("meta l4proto", "udp")),
];

/** Rules that nft takes, in no canonical form. */
export const rules: fc.Arbitrary<Rule> = fc
  .tuple(fc.constantFrom(...networks), fc.constantFrom(...transports))
  .chain(([network, transport]) =>
    fc.tuple(
      fc.array(fc.oneof(network, transport, { weight: 2, arbitrary: fc.oneof(anyLayer, action) }), {
        maxLength: 6,
      }),
      last,
      fc.option(fc.string({ unit: "binary", minLength: 1, maxLength: 140 }), { nil: undefined }),
    ),
  )
  .map(([statements, end, comment]) =>
    comment === undefined
      ? { statements: [...statements, end] }
      : { statements: [...statements, end], comment },
  );
