import { describe, expect, it } from "vitest";
import { formatRule, ruleIdentity } from "./format-rule.ts";
import type { Field, Statement } from "./rule.ts";
import { counter, drop, rule } from "./sample-table.testing.ts";

const is = (field: Field, ...values: string[]): Statement => ({
  kind: "match",
  fields: [field],
  values: values.map((v) => [v]),
});

describe("formatRule", () => {
  it.each<[string, Statement[], string]>([
    ["names the port by its protocol", [is("meta l4proto", "tcp"), is("th dport", "80")], "tcp dport 80"],
    [
      "over other matches too",
      [is("meta l4proto", "udp"), is("ip saddr", "10.0.0.1"), is("th sport", "53")],
      "ip saddr 10.0.0.1 udp sport 53",
    ],
    [
      "but keeps the protocol before what acts",
      [is("meta l4proto", "tcp"), counter, is("th dport", "80")],
      "meta l4proto 6 counter tcp dport 80",
    ],
    [
      "drops a family that an address implies",
      [is("meta nfproto", "ipv4"), is("ip daddr", "10.0.0.1")],
      "ip daddr 10.0.0.1",
    ],
    [
      "and one that a protocol implies",
      [is("meta nfproto", "ipv6"), is("meta l4proto", "icmpv6")],
      "meta l4proto 58",
    ],
    [
      "puts a reset's protocol in front",
      [is("ip saddr", "10.0.0.1"), { kind: "reject", with: "tcp reset" }],
      "meta l4proto 6 ip saddr 10.0.0.1 reject with tcp reset",
    ],
    [
      "leaves it out where it is known",
      [is("tcp dport", "80"), { kind: "reject", with: "tcp reset" }],
      "tcp dport 80 reject with tcp reset",
    ],
    [
      "sorts values and drops repeats",
      [is("meta l4proto", "udp", "6", "17", "tcp")],
      "meta l4proto { 6, 17 }",
    ],
    ["merges ranges", [is("ip saddr", "10.0.0.0/9", "10.128.0.0/9", "10.0.0.1")], "ip saddr 10.0.0.0/8"],
    ["leaves single ports single", [is("tcp dport", "81", "80", "82")], "tcp dport { 80, 81, 82 }"],
    ["writes states as bits", [is("ct state", "related", "established")], "ct state 0x2,0x4"],
    [
      "writes flags as bits",
      [{ kind: "flags", mask: ["syn", "fin"], value: ["syn"] }],
      "tcp flags & 0x3 == 0x2",
    ],
    [
      "leaves nft's own burst out",
      [{ kind: "limit", rate: 1, per: "second", burst: 5 }],
      "limit rate 1/second",
    ],
    [
      "keeps comparisons apart",
      [is("tcp dport", "80"), counter, is("tcp sport", "81")],
      "tcp dport 80 counter tcp sport 81-81",
    ],
    [
      "wants braces around one concatenation",
      [{ kind: "match", fields: ["ip saddr", "tcp dport"], values: [["10.0.0.1", "80"]] }],
      "ip saddr . tcp dport { 10.0.0.1 . 80 }",
    ],
    [
      "writes one endpoint",
      [is("meta l4proto", "tcp"), { kind: "dnat", family: "ip6", to: [{ address: "fd00::1", port: 8 }] }],
      "meta l4proto 6 dnat ip6 to [fd00::1]:8",
    ],
  ])("%s", (_, statements, text) => {
    expect(formatRule(rule(...statements))).toBe(text);
  });

  it("makes comments and prefixes that nft can read", () => {
    const quoted = formatRule({ statements: [drop], comment: 'say "hi"\n\tto $x \u00e9\u{1f600}' });
    expect(quoted).toBe("drop comment \"say 'hi'  to $x ??\"");
    const long = formatRule({
      statements: [{ kind: "log", group: 1, prefix: `$${"p".repeat(200)}` }, drop],
      comment: "c".repeat(200),
    });
    expect(long).toBe(`log prefix "S${"p".repeat(123)}..." group 1 drop comment "${"c".repeat(125)}..."`);
  });
});

describe("ruleIdentity", () => {
  it("does not look at counters' figures", () => {
    const counted: Statement = { kind: "counter", value: { packets: 1, bytes: 2 } };
    expect(ruleIdentity(rule(counted, drop))).toBe(ruleIdentity(rule(counter, drop)));
    expect(ruleIdentity(rule(drop))).not.toBe(ruleIdentity(rule(counter, drop)));
  });
});
