import { type PolicyChain, type PortRange, type ProgramRule, parseCidr } from "@portcullis/engine";
import { formatRule } from "@portcullis/nft";
import { expect, test } from "vitest";
import { chainShape, type Members, renderPolicyChain } from "./policy-chain.ts";

// Rules word by word: each limit (when a list becomes a set), each end of the packet, each family.

const members: Members = {
  addressSet: (id) => ({ 4: `${id}4`, 6: id === "only4" ? undefined : `${id}6` }),
  endpointSet: (id) => ({ 4: id === "only6" ? undefined : `${id}4`, 6: `${id}6` }),
};

const chain = (direction: PolicyChain["direction"], ...rules: readonly ProgramRule[]): PolicyChain => ({
  id: "c",
  direction,
  policies: ["shop/p"],
  rules,
});
const rule = (peers: ProgramRule["peers"], ports: ProgramRule["ports"], endpoints?: string): ProgramRule => ({
  policy: "shop/p",
  index: 1,
  peers,
  ports,
  ...(endpoints !== undefined && { endpoints }),
});
const blocks = (...texts: readonly string[]) => ({ cidrs: texts.map((text) => parseCidr(text)!) });
const tcp = (from: number, to = from): PortRange => ({ protocol: "TCP", from, to });

const rulesOf = (source: PolicyChain) =>
  renderPolicyChain(source, "p", members)
    .chain.rules.slice(0, -1)
    .map((each) => formatRule({ statements: each.statements }));

test("an ingress chain accepts, an egress chain hands over to ingress, and what is left is denied", () => {
  const anything = rule("any", "any");
  const [into, out] = (["Ingress", "Egress"] as const).map((direction) =>
    renderPolicyChain(chain(direction, anything), "p", members),
  );
  expect(into!.chain.rules.map(formatRule)).toEqual([
    'counter goto c_allowed comment "shop/p ingress[1]"',
    "goto c_deny_ingress",
  ]);
  expect(out!.chain.rules.map(formatRule)).toEqual([
    'counter goto c_ingress comment "shop/p egress[1]"',
    "goto c_deny_egress",
  ]);
  expect(into!.refs).toEqual([{ policy: "shop/p", direction: "Ingress", index: 1 }, undefined]);
});

test("peers are looked up at the other end of the packet, in the sets that have members", () => {
  expect(rulesOf(chain("Ingress", rule({ addressSet: "web", cidrs: [] }, "any")))).toEqual([
    "ip saddr @web4 counter goto c_allowed",
    "ip6 saddr @web6 counter goto c_allowed",
  ]);
  expect(rulesOf(chain("Egress", rule({ addressSet: "only4", cidrs: [] }, "any")))).toEqual([
    "ip daddr @only44 counter goto c_ingress",
  ]);
  expect(rulesOf(chain("Ingress", rule({ cidrs: [] }, "any")))).toEqual([]);
});

test("prefixes: a whole family, one address, up to three, and a set of more", () => {
  const few = blocks("0.0.0.0/0", "10.0.0.1/32", "10.1.0.0/16", "::/0", "fd00::1/128", "fd00::/127");
  expect(rulesOf(chain("Ingress", rule(few, "any")))).toEqual([
    "meta nfproto 2 counter goto c_allowed",
    "ip saddr 10.0.0.1 counter goto c_allowed",
    "ip saddr 10.1.0.0/16 counter goto c_allowed",
    "meta nfproto 10 counter goto c_allowed",
    "ip6 saddr fd00::1 counter goto c_allowed",
    "ip6 saddr fd00::/127 counter goto c_allowed",
  ]);

  const many = chain(
    "Ingress",
    rule(blocks("10.0.0.0/31", "10.0.0.4/32", "10.0.0.8/30", "10.1.0.0/16"), "any"),
  );
  const { cidrSets } = renderPolicyChain(many, "p", members);
  expect(
    cidrSets.map(({ key, interval, elements }) => ({ key, interval, elements: [...elements.keys()] })),
  ).toEqual([
    {
      key: ["ipv4_addr", "inet_proto"],
      interval: true,
      elements: ["10.0.0.0/31 . 0-255", "10.0.0.4/32 . 0-255", "10.0.0.8/30 . 0-255", "10.1.0.0/16 . 0-255"],
    },
  ]);
  expect(rulesOf(many)).toEqual([`ip saddr . meta l4proto @${cidrSets[0]!.name} counter goto c_allowed`]);
});

test("ports: a whole protocol, up to three ranges, and a list of more", () => {
  expect(rulesOf(chain("Ingress", rule("any", [tcp(0, 65_535)])))).toEqual([
    "meta l4proto 6 counter goto c_allowed",
  ]);
  expect(rulesOf(chain("Ingress", rule("any", [tcp(1, 65_535)])))).toEqual([
    "meta l4proto 6 counter goto c_allowed",
  ]);
  expect(rulesOf(chain("Ingress", rule("any", [tcp(2, 65_535), tcp(1, 65_534), tcp(80)])))).toEqual([
    "tcp dport 2-65535 counter goto c_allowed",
    "tcp dport 1-65534 counter goto c_allowed",
    "tcp dport 80 counter goto c_allowed",
  ]);
  const udp: PortRange = { protocol: "UDP", from: 53, to: 53 };
  expect(rulesOf(chain("Ingress", rule("any", [tcp(1), tcp(3), tcp(5, 6), udp])))).toEqual([
    "meta l4proto . th dport { 6 . 1, 6 . 3, 6 . 5-6, 17 . 53 } counter goto c_allowed",
  ]);
});

test("every peer with every port, and named ports by their endpoints", () => {
  const peers = { addressSet: "only4", ...blocks("10.0.0.1/32") };
  expect(rulesOf(chain("Egress", rule(peers, [tcp(80), tcp(443)], "only6")))).toEqual([
    "ip daddr @only44 tcp dport 80 counter goto c_ingress",
    "ip daddr @only44 tcp dport 443 counter goto c_ingress",
    "ip daddr 10.0.0.1 tcp dport 80 counter goto c_ingress",
    "ip daddr 10.0.0.1 tcp dport 443 counter goto c_ingress",
    "ip6 daddr . meta l4proto . th dport @only66 counter goto c_ingress",
  ]);
});

test("the shape of a chain says which of its sets have members", () => {
  const source = chain(
    "Egress",
    rule({ addressSet: "only4", cidrs: [] }, "any"),
    rule("any", "any"),
    rule({ addressSet: "web", cidrs: [] }, [], "only6"),
  );
  expect(chainShape(source, members)).toBe("101101");
});
