import { describe, expect, it } from "vitest";
import { formatOperation, formatTransaction } from "./format-operation.ts";
import { accept, drop, makeChain, makeMap, makeSet, rule, verdict } from "./sample-table.testing.ts";
import type { Operation } from "./transaction.ts";

const table = { family: "inet", name: "pc" } as const;
const set = makeSet("s_hosts", ["ipv4_addr", "inet_proto", "ifname"], [["10.0.0.1", "tcp", "tcp"]]);
const pods = makeMap("m_pods", ["ipv4_addr"], "verdict", [[["10.0.0.1"], { kind: "jump", chain: "c_one" }]]);
const backends = makeMap(
  "m_back",
  ["ipv6_addr"],
  ["ipv6_addr", "inet_service"],
  [[["fd00::1"], ["fd00::2", "80"]]],
);
const hook = { type: "filter", hook: "forward", priority: -5, policy: "drop" } as const;

describe("formatOperation", () => {
  it.each<[Operation, string[]]>([
    [{ op: "add table" }, ["add table inet pc"]],
    [{ op: "delete table" }, ["delete table inet pc"]],
    [
      { op: "add chain", chain: makeChain("c_in", [rule(accept), rule(drop)], hook) },
      [
        "create chain inet pc c_in { type filter hook forward priority -5; policy drop; }",
        "add rule inet pc c_in accept",
        "add rule inet pc c_in drop",
      ],
    ],
    [
      { op: "add rules", chain: "c_in", rules: [rule(verdict("jump", "c_one"))] },
      ["add rule inet pc c_in jump c_one"],
    ],
    [
      { op: "add set", set },
      [
        "create set inet pc s_hosts { type ipv4_addr . inet_proto . ifname; }",
        'add element inet pc s_hosts { 10.0.0.1 . 6 . "tcp" }',
      ],
    ],
    [
      { op: "add map", map: pods },
      [
        "create map inet pc m_pods { type ipv4_addr : verdict; }",
        "add element inet pc m_pods { 10.0.0.1 : jump c_one }",
      ],
    ],
    [
      { op: "add elements", set: backends, elements: [...backends.elements.values()] },
      ["add element inet pc m_back { fd00::1 : fd00::2 . 80 }"],
    ],
    [
      { op: "delete elements", set: pods, elements: [...pods.elements.values()] },
      ["delete element inet pc m_pods { 10.0.0.1 }"],
    ],
    [{ op: "delete elements", set: pods, elements: [] }, []],
    [{ op: "flush chain", name: "c_in" }, ["flush chain inet pc c_in"]],
    [{ op: "delete map", name: "m_pods" }, ["delete map inet pc m_pods"]],
  ])("writes %j", (operation, commands) => {
    expect(formatOperation(table, operation)).toEqual(commands);
  });

  it("joins a transaction on one line", () => {
    expect(
      formatTransaction({ table, operations: [{ op: "add table" }, { op: "flush set", name: "s_x" }] }),
    ).toBe("add table inet pc; flush set inet pc s_x");
  });

  it.each<[string, Operation]>([
    ["a name", { op: "flush chain", name: "c_x; delete table inet y" }],
    [
      "an address",
      {
        op: "add elements",
        set: makeSet("s", ["ipv4_addr"]),
        elements: [{ key: ["10.0.0.1 }; flush ruleset"] }],
      },
    ],
    ["a protocol", { op: "add elements", set: makeSet("s", ["inet_proto"]), elements: [{ key: ["tcpp"] }] }],
    [
      "an interface",
      { op: "add elements", set: makeSet("s", ["ifname"]), elements: [{ key: ['a" }; flush ruleset'] }] },
    ],
    ["too few fields", { op: "add elements", set, elements: [{ key: ["10.0.0.1"] }] }],
    ["a map's element without value", { op: "add elements", set: pods, elements: [{ key: ["10.0.0.1"] }] }],
    ["an empty rule", { op: "add rules", chain: "c_x", rules: [rule()] }],
    [
      "a match without values",
      { op: "add rules", chain: "c_x", rules: [rule({ kind: "match", fields: ["tcp dport"], values: [] })] },
    ],
    [
      "a port that is none",
      {
        op: "add rules",
        chain: "c_x",
        rules: [rule({ kind: "match", fields: ["tcp dport"], values: [["http"]] })],
      },
    ],
    [
      "dnat to nowhere",
      { op: "add rules", chain: "c_x", rules: [rule({ kind: "dnat", family: "ip", to: [] })] },
    ],
  ])("throws at %s that could not be written", (_, operation) => {
    expect(() => formatOperation(table, operation)).toThrow(Error);
  });
});
