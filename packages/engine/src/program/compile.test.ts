import { describe, expect, test } from "vitest";
import {
  block,
  clusterOf,
  everything,
  ip,
  labelled,
  named,
  namespace,
  namespaces,
  node,
  pod,
  pods,
  podsIn,
  policy,
  rule,
  tcp,
  udp,
} from "../cluster/objects.testing.ts";
import type { Program } from "./program.ts";

const web = pod("shop/web", { app: "web" }, ["10.0.0.1", "fd00::1"], { nodeName: "n1" });
const db = pod("shop/db", { app: "db" }, ["10.0.0.2"], { ports: [named("sql", 5432)] });
const db2 = pod("shop/db2", { app: "db" }, ["10.0.0.3"], { ports: [named("sql", 3306)] });
const all = () => true;
const local = (program: Program, key: string) => program.pods.find((one) => one.key === key)!;
const texts = (items: Iterable<{ readonly text: string }>) => [...items].map(({ text }) => text);

describe("content", () => {
  test("an open cluster has pods, and nothing to enforce", () => {
    expect(clusterOf(web).program(all)).toEqual({
      pods: [{ key: "shop/web", addresses: web.addresses }],
      chains: [],
      addressSets: [],
      endpointSets: [],
    });
  });

  test("local pods only; neither host network nor finished", () => {
    const cluster = clusterOf(
      web,
      db,
      pod("shop/host", {}, ["10.9.0.1"], { hostNetwork: true }),
      pod("shop/done", {}, ["10.0.0.8"], { phase: "Failed" }),
    );
    expect(cluster.program(({ name }) => name !== "db").pods.map(({ key }) => key)).toEqual(["shop/web"]);
  });

  test("a rule carries one address set, merged prefixes and merged ports", () => {
    const peers = [
      pods({ app: "web" }),
      podsIn({ team: "b" }, { app: "x" }),
      namespaces({ team: "b" }),
      block("10.0.0.0/25"),
      block("10.0.0.128/25", "10.0.0.255/32"),
      block("::/0"),
    ];
    const into = policy("shop/in", labelled({ app: "db" }), {
      ingress: [rule(peers, [tcp(80), tcp(81, 90), udp(53)])],
    });
    const [chain] = clusterOf(web, db, into).program(all).chains;
    expect(chain).toMatchObject({ direction: "Ingress", policies: ["shop/in"] });
    const [only] = chain!.rules;
    expect(only).toMatchObject({ policy: "shop/in", index: 0 });
    expect(only!.ports).toEqual([
      { protocol: "TCP", from: 80, to: 90 },
      { protocol: "UDP", from: 53, to: 53 },
    ]);
    const peersOf = only!.peers;
    if (peersOf === "any") throw new Error("the rule names its peers");
    const { addressSet, cidrs } = peersOf;
    expect(addressSet).toBe("shop/app=web | {team=b}/* | {team=b}/app=x");
    expect(texts(cidrs)[0]).toBe("10.0.0.0/25");
    expect(texts(cidrs).at(-1)).toBe("::/0");
    expect(texts(cidrs)).toHaveLength(9);
  });

  test("any peer, any port, every port of a protocol, nobody", () => {
    const rules = [rule([]), rule([], [{ protocol: "SCTP" }]), rule([{ kind: "pods" }])];
    const [chain] = clusterOf(db, policy("shop/in", everything, { ingress: rules })).program(all).chains;
    expect(chain!.rules.map(({ peers, ports }) => [peers, ports])).toEqual([
      ["any", "any"],
      ["any", [{ protocol: "SCTP", from: 0, to: 65535 }]],
      [{ cidrs: [] }, "any"],
    ]);
  });

  test("rules with the same list of peers share the set, whatever the order or the policy", () => {
    const one = policy("shop/one", everything, {
      ingress: [rule([pods({ app: "web" }), pods({ app: "x" })])],
    });
    const two = policy("shop/two", everything, {
      ingress: [rule([pods({ app: "x" }), pods({ app: "web" })], [tcp(1)])],
    });
    const { addressSets } = clusterOf(web, db, one, two).program(all);
    expect(addressSets.map(({ id, addresses }) => [id, texts(addresses)])).toEqual([
      ["shop/app=web | shop/app=x", ["10.0.0.1", "fd00::1"]],
    ]);
  });

  test("the same podSelector in two namespaces is two sets", () => {
    const there = pod("other/db", { app: "db" }, ["10.0.1.1"]);
    const rules = { ingress: [rule([pods({ app: "web" })])] };
    const cluster = clusterOf(
      web,
      db,
      there,
      policy("shop/in", everything, rules),
      policy("other/in", everything, rules),
    );
    expect(cluster.program(all).addressSets.map(({ id }) => id)).toEqual(["other/app=web", "shop/app=web"]);
  });

  test("pods share a chain unless a port name means different numbers on them", () => {
    const into = policy("shop/in", labelled({ app: "db" }), { ingress: [rule([], [tcp("sql"), tcp(80)])] });
    const cluster = clusterOf(db, db2, into);
    const apart = cluster.program(all);
    expect(apart.chains.map(({ rules }) => rules[0]!.ports)).toEqual([
      [
        { protocol: "TCP", from: 80, to: 80 },
        { protocol: "TCP", from: 3306, to: 3306 },
      ],
      [
        { protocol: "TCP", from: 80, to: 80 },
        { protocol: "TCP", from: 5432, to: 5432 },
      ],
    ]);
    cluster.upsert({ ...db2, ports: db.ports });
    const together = cluster.program(all);
    expect(together.chains).toHaveLength(1);
    expect(local(together, "shop/db2").ingress).toBe(local(together, "shop/db").ingress);
  });

  test("an ingress port name that the pod does not have opens nothing", () => {
    const cluster = clusterOf(web, policy("shop/in", everything, { ingress: [rule([], [tcp("nope")])] }));
    expect(cluster.program(all).chains[0]!.rules[0]!.ports).toEqual([]);
  });

  test("egress port names are endpoints: who has the name among the peers, each with its numbers", () => {
    const out = policy("shop/out", labelled({ app: "web" }), {
      egress: [
        rule([pods({ app: "db" })], [tcp("sql"), tcp(80)]),
        rule([block("10.0.0.3/32")], [tcp("sql")]),
      ],
    });
    const remote = pod("far/db", { app: "db" }, ["10.0.2.1"], { ports: [named("sql", 1)] });
    const program = clusterOf(web, db, db2, remote, out).program(({ name }) => name === "web");
    const shown = program.endpointSets.map(({ id, endpoints }) => [
      id,
      endpoints.map(({ address, protocol, port }) => `${address.text} ${protocol} ${port}`),
    ]);
    expect(shown).toEqual([
      ["TCP sql of [][10.0.0.3/32]", ["10.0.0.3 TCP 3306"]],
      ["TCP sql of [shop/app=db][]", ["10.0.0.2 TCP 5432", "10.0.0.3 TCP 3306"]],
    ]);
    expect(program.chains[0]!.rules.map(({ ports, endpoints }) => [ports, endpoints])).toEqual([
      [[{ protocol: "TCP", from: 80, to: 80 }], "TCP sql of [shop/app=db][]"],
      [[], "TCP sql of [][10.0.0.3/32]"],
    ]);
  });

  test("the endpoints of an address are in the order of protocols and numbers, whatever their names", () => {
    const many = pod("shop/many", { app: "many" }, ["10.0.0.4"], {
      ports: [named("a", 9), named("b", 5), named("a", 3, "UDP")],
    });
    const out = policy("shop/out", everything, {
      egress: [rule([pods({ app: "many" })], [udp("a"), tcp("a"), tcp("b")])],
    });
    const [set] = clusterOf(many, out).program(all).endpointSets;
    expect(set!.endpoints.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual([
      "TCP 5",
      "TCP 9",
      "UDP 3",
    ]);
  });

  test("a pod tells its node's addresses: the Node's and those of hostNetwork pods", () => {
    const host = pod("shop/host", {}, ["10.9.0.3"], { hostNetwork: true, nodeName: "n1" });
    const cluster = clusterOf(web, db, host, node("n1", ["10.9.0.1", "fd01::1"]), node("n2", ["10.9.0.2"]));
    const program = cluster.program(all);
    expect(texts(local(program, "shop/web").nodeAddresses!)).toEqual(["10.9.0.1", "10.9.0.3", "fd01::1"]);
    expect(local(program, "shop/db")).not.toHaveProperty("nodeAddresses");
  });
});

describe("identity", () => {
  const into = policy("shop/in", labelled({ app: "db" }), { ingress: [rule([pods({ app: "web" })])] });
  const out = policy("shop/out", labelled({ app: "web" }), {
    egress: [rule([pods({ app: "db" })], [tcp("sql")])],
  });
  const start = () => {
    const cluster = clusterOf(web, db, db2, into, out, namespace("shop", {}));
    return { cluster, before: cluster.program(all) };
  };
  const byId = <T extends { readonly id: string }>(items: readonly T[], part: string) =>
    items.find(({ id }) => id.includes(part))!;

  test("a pod that nobody mentions changes nothing but the list of pods", () => {
    const { cluster, before } = start();
    cluster.upsert(pod("shop/bystander", { app: "y" }, ["10.0.0.9"]));
    const after = cluster.program(all);
    for (const [index, chain] of before.chains.entries()) expect(after.chains[index]).toBe(chain);
    for (const [index, set] of before.addressSets.entries()) expect(after.addressSets[index]).toBe(set);
    for (const [index, set] of before.endpointSets.entries()) expect(after.endpointSets[index]).toBe(set);
    for (const one of before.pods) expect(local(after, one.key)).toBe(one);
  });

  test("a new member changes its sets and nothing else", () => {
    const { cluster, before } = start();
    cluster.upsert(pod("shop/web2", { app: "web" }, ["10.0.0.5"]));
    const after = cluster.program(all);
    for (const [index, chain] of before.chains.entries()) expect(after.chains[index]).toBe(chain);
    expect(texts(byId(after.addressSets, "app=web").addresses)).toEqual(["10.0.0.1", "10.0.0.5", "fd00::1"]);
    expect(byId(after.addressSets, "app=db")).toBe(byId(before.addressSets, "app=db"));
    expect(after.endpointSets[0]).toBe(before.endpointSets[0]);
  });

  test("a change of another policy leaves the rest", () => {
    const { cluster, before } = start();
    cluster.upsert({ ...into, ingress: [...into.ingress, rule([], [tcp(1)])] });
    const after = cluster.program(all);
    expect(byId(after.chains, "Egress")).toBe(byId(before.chains, "Egress"));
    expect(byId(after.chains, "Ingress")).not.toEqual(byId(before.chains, "Ingress"));
    expect(byId(after.addressSets, "app=web")).toBe(byId(before.addressSets, "app=web"));
    expect(local(after, "shop/web")).toBe(local(before, "shop/web"));
  });

  test("what goes and comes back between two Programs never was away", () => {
    const { cluster, before } = start();
    for (const [kind, name, object] of [
      ["NetworkPolicy", "in", into],
      ["NetworkPolicy", "out", out],
      ["Pod", "web", web],
    ] as const) {
      cluster.delete(kind, "shop", name);
      cluster.upsert(object);
    }
    const after = cluster.program(all);
    for (const [index, chain] of before.chains.entries()) expect(after.chains[index]).toBe(chain);
    for (const [index, set] of before.addressSets.entries()) expect(after.addressSets[index]).toBe(set);
    for (const [index, set] of before.endpointSets.entries()) expect(after.endpointSets[index]).toBe(set);
    expect(after).toEqual(before);
  });

  test("a policy that only moved in its file compiles to the same chain", () => {
    const { cluster, before } = start();
    const start1 = { line: 1, column: 1, offset: 0 };
    cluster.upsert({ ...into, range: { file: "moved.yaml", start: start1, end: start1 } });
    expect(byId(cluster.program(all).chains, "Ingress")).toBe(byId(before.chains, "Ingress"));
  });

  test("a new address of a member is in the sets at once", () => {
    const { cluster } = start();
    cluster.upsert({ ...db, addresses: [ip("10.0.0.77")] });
    const after = cluster.program(all);
    expect(texts(byId(after.addressSets, "app=db").addresses)).toEqual(["10.0.0.3", "10.0.0.77"]);
    expect(after.endpointSets[0]!.endpoints.map(({ address }) => address.text)).toEqual([
      "10.0.0.3",
      "10.0.0.77",
    ]);
  });

  test("an address that a pod wins as another goes is a destination of its port names at once", () => {
    const anywhere = policy("shop/out", labelled({ app: "web" }), {
      egress: [rule([], [tcp("sql")]), rule([block("10.0.0.0/24")], [tcp("sql")])],
    });
    const first = pod("shop/a-first", {}, ["10.0.0.2"]);
    const cluster = clusterOf(web, first, db, anywhere);
    const endpoints = () =>
      cluster.program(all).endpointSets.map((set) => set.endpoints.map(({ address }) => address.text));
    expect(endpoints()).toEqual([[], []]);
    cluster.delete("Pod", "shop", "a-first");
    expect(endpoints()).toEqual([["10.0.0.2"], ["10.0.0.2"]]);
    cluster.upsert(first);
    expect(endpoints()).toEqual([[], []]);
  });

  test("many changes at once, more than are remembered, end as a fresh cluster does", () => {
    const { cluster } = start();
    const many = Array.from({ length: 300 }, (_, i) =>
      pod(`shop/web-${i}`, { app: "web" }, [`10.0.${i >> 7}.${100 + (i & 127)}`]),
    );
    for (const one of many) cluster.upsert(one);
    const full = cluster.program(all);
    expect(full).toEqual(clusterOf(web, db, db2, into, out, namespace("shop", {}), ...many).program(all));
    for (const [i, one] of many.entries()) if (i % 3 > 0) cluster.delete("Pod", "shop", one.name);
    for (const one of many.slice(0, 30)) cluster.upsert({ ...one, labels: { app: "db" } });
    const rest = cluster.pods();
    expect(cluster.program(all)).toEqual(clusterOf(into, out, namespace("shop", {}), ...rest).program(all));
  });
});
