import { expect, test } from "vitest";
import {
  block,
  clusterOf,
  everything,
  flow,
  ip,
  labelled,
  named,
  namespace,
  namespaces,
  pod,
  pods,
  podsIn,
  policy,
  rule,
  tcp,
} from "../cluster/objects.testing.ts";
import type { Peer, PolicyPort } from "../model/network-policy.ts";
import type { Endpoint, NearMiss } from "./verdict.ts";

const web = pod("default/web", { role: "web", tier: "front" }, ["10.0.0.1"]);
const db = pod("default/db", { role: "db" }, ["10.0.0.2"], { ports: [named("sql", 5432)] });
const host = pod("default/host", { role: "db" }, ["192.168.0.1"], { hostNetwork: true });
const far = pod("shop/web", { role: "web" }, ["10.0.1.1"]);

function misses(from: string, port: number, ...rules: [Peer[], PolicyPort[]?][]): readonly NearMiss[] {
  const into = policy("default/in", labelled({ role: "db" }), { ingress: rules.map(([a, b]) => rule(a, b)) });
  const cluster = clusterOf(web, db, host, far, namespace("shop", { team: "x" }), into);
  const verdict = cluster.evaluate(flow(cluster, from, "default/db", port));
  expect(verdict.allowed).toBe(false);
  return verdict.ingress.nearest;
}
const because = (...args: Parameters<typeof misses>) => misses(...args).map((miss) => miss.because);

test("names the rule, the peer and the port that allowed, and the policies that isolate", () => {
  const first = policy("default/a-closed", everything, { ingress: [] });
  const into = policy("default/in", labelled({ role: "db" }), {
    ingress: [rule([], [tcp(1)]), rule([pods({ role: "x" }), pods({ role: "web" })], [tcp(1), tcp(80, 90)])],
  });
  const cluster = clusterOf(web, db, into, first);
  const { ingress, egress } = cluster.evaluate(flow(cluster, "10.0.0.1", "default/db", 85));
  expect(egress).toEqual({
    direction: "Egress",
    allowed: true,
    reason: "not-isolated",
    isolatedBy: [],
    nearest: [],
  });
  expect(ingress.isolatedBy).toEqual([first, into]);
  expect(ingress.allowedBy).toEqual({
    policy: into,
    direction: "Ingress",
    rule: 1,
    peerIndex: 1,
    peer: pods({ role: "web" }),
    portIndex: 1,
    port: tcp(80, 90),
  });
});

test("leaves out peer and port where the rule takes any", () => {
  const into = policy("default/in", everything, { ingress: [rule([])] });
  const cluster = clusterOf(web, db, into);
  const { ingress } = cluster.evaluate(flow(cluster, "8.8.8.8", "default/db", 85));
  expect(ingress.allowedBy).toEqual({ policy: into, direction: "Ingress", rule: 0 });
});

test("the flow of the verdict is the resolved one", () => {
  const cluster = clusterOf(web, db);
  const { flow: resolved } = cluster.evaluate(flow(cluster, "10.0.0.1", "default/db", 80));
  expect(resolved.source).toEqual({ pod: web, address: web.addresses[0] });
  expect(resolved.destination).toEqual({ pod: db, address: db.addresses[0] });
});

test("tells both sides of a flow that both deny", () => {
  const cluster = clusterOf(web, db, policy("default/all", everything, { ingress: [], egress: [] }));
  const verdict = cluster.evaluate(flow(cluster, "default/web", "default/db", 80));
  expect([verdict.egress.reason, verdict.ingress.reason]).toEqual(["no-match", "no-match"]);
});

test("ranks: peer matched, then port matched, then neither; at most three", () => {
  const found = misses(
    "default/web",
    80,
    [[pods({ role: "x" })], [tcp(1)]],
    [[pods({ role: "x", tier: "y" })], [tcp(80)]],
    [[pods({ role: "x" })], [tcp(80)]],
    [[pods({ role: "web" })], [tcp(443), tcp(8000, 8010)]],
  );
  expect(found.map(({ rule: index, matched }) => [index, matched])).toEqual([
    [3, "peer"],
    [2, "port"],
    [1, "port"],
  ]);
  expect(found[0]!.because).toBe("matches the peer but only ports TCP 443, TCP 8000-8010");
});

test("says which label of the pod differs", () => {
  expect(because("default/web", 80, [[pods({ role: "db" })]])).toEqual([
    "peer needs role=db, pod has role=web",
  ]);
  expect(because("default/web", 80, [[pods({ app: "db" })]])).toEqual([
    "peer needs app=db, pod has no label app",
  ]);
  const not = {
    matchLabels: {},
    matchExpressions: [{ key: "role", operator: "NotIn" as const, values: ["web"] }],
  };
  expect(because("default/web", 80, [[{ kind: "pods", podSelector: not }]])).toEqual([
    "peer needs role!=web, pod has role=web",
  ]);
});

test("says what the namespace lacks", () => {
  expect(because("shop/web", 80, [[namespaces({ project: "x" })]])).toEqual([
    "namespace shop lacks label project=x",
  ]);
  expect(because("shop/web", 80, [[podsIn({ team: "y" }, { role: "db" })]])).toEqual([
    "its namespace needs team=y, namespace shop has team=x; peer needs role=db, pod has role=web",
  ]);
  expect(because("shop/web", 80, [[pods({ role: "web" })]])).toEqual([
    "peer must be in namespace default, pod is in shop",
  ]);
});

test("says why an address does not match", () => {
  expect(because("8.8.8.8", 80, [[pods({})]])).toEqual(["peer must be a pod, and 8.8.8.8 is not one"]);
  expect(because("default/host", 80, [[pods({})]])).toEqual([
    "peer must be a pod, and default/host is on the host network, where selectors do not see it",
  ]);
  expect(because("8.8.8.8", 80, [[block("10.0.0.0/8")]])).toEqual([
    "peer must be in 10.0.0.0/8, 8.8.8.8 is not",
  ]);
  expect(because("10.0.0.1", 80, [[block("10.0.0.0/8", "10.0.0.0/24")]])).toEqual([
    "10.0.0.1 is in 10.0.0.0/24, which the rule excepts from 10.0.0.0/8",
  ]);
  expect(because("10.0.0.1", 80, [[block("::/0")]])).toEqual([
    "peer is the IPv6 block ::/0, 10.0.0.1 is IPv4",
  ]);
});

test("says what a port name stands for, and what ICMP needs", () => {
  expect(because("default/web", 80, [[], [tcp("sql")]])).toEqual([
    'takes any peer but only port TCP "sql" (5432 on default/db)',
  ]);
  expect(because("default/web", 80, [[], [tcp("http")]])).toEqual([
    'takes any peer but only port TCP "http" (which default/db does not have)',
  ]);
  expect(because("default/web", 0, [[], [{ protocol: "TCP" }]])).toEqual([
    "takes any peer but only port TCP (any), and ICMP passes only a rule without ports",
  ]);
  expect(because("default/web", 80, [[pods({ role: "x" })], [tcp(1)]])).toEqual([
    "peer needs role=x, pod has role=web; and only port TCP 1",
  ]);
});

test("says what is missing on the other side: an address, a pod, both, a life", () => {
  const unplaced = pod("default/unplaced", {}, []);
  const done = pod("default/done", { role: "web" }, ["10.0.0.9"], { phase: "Succeeded" });
  const verdict = (source: Endpoint, ...peers: Peer[]) => {
    const into = policy("default/in", everything, { ingress: [rule(peers)] });
    const cluster = clusterOf(db, unplaced, done, into);
    const asked = { source, destination: { pod: db }, protocol: "TCP", port: 80 } as const;
    return cluster.evaluate(asked).ingress.nearest.map((miss) => miss.because);
  };
  expect(verdict({ pod: unplaced }, block("10.0.0.0/8"))).toEqual([
    "peer is the block 10.0.0.0/8, and the other side's address is not known",
  ]);
  expect(verdict({ pod: done }, pods({}))).toEqual([
    "peer must be a pod, and default/done is finished (Succeeded)",
  ]);
  expect(verdict({}, pods({}))).toEqual(["peer must be a pod, and there is none"]);
  expect(verdict({ pod: unplaced }, { kind: "pods" })).toEqual([
    "the peer has no selector and matches nothing",
  ]);
});

test("an exception counts only where its block does", () => {
  expect(because("11.1.1.1", 80, [[block("10.0.0.0/8", "11.0.0.0/8")]])).toEqual([
    "peer must be in 10.0.0.0/8, 11.1.1.1 is not",
  ]);
});

test("of a pod in another namespace the labels are told as well", () => {
  expect(because("shop/web", 80, [[pods({ role: "db" })]])).toEqual([
    "peer must be in namespace default, pod is in shop; peer needs role=db, pod has role=web",
  ]);
});

test("a range of one port is that port, and a name may stand for several numbers", () => {
  expect(because("default/web", 81, [[], [tcp(80, 80)]])).toEqual(["takes any peer but only port TCP 80"]);
  const twice = { ...db, ports: [named("sql", 5433), named("sql", 5432)] };
  const cluster = clusterOf(
    web,
    twice,
    policy("default/in", everything, { ingress: [rule([], [tcp("sql")])] }),
  );
  expect(cluster.evaluate(flow(cluster, "10.0.0.1", "default/db", 80)).ingress.nearest[0]!.because).toBe(
    'takes any peer but only port TCP "sql" (5432, 5433 on default/db)',
  );
});

test("on the way out the other side is the destination, which need not be a pod nor have an address", () => {
  const out = policy("default/out", everything, {
    egress: [rule([pods({ role: "x" })]), rule([], [tcp("sql")])],
  });
  const cluster = clusterOf(web, db, out);
  const nearest = (destination: Endpoint) =>
    cluster
      .evaluate({ source: { pod: web }, destination, protocol: "TCP", port: 80 })
      .egress.nearest.map((miss) => [miss.rule, miss.direction, miss.because]);
  expect(nearest({ pod: db })).toEqual([
    [1, "Egress", 'takes any peer but only port TCP "sql" (5432 on default/db)'],
    [0, "Egress", "peer needs role=x, pod has role=db"],
  ]);
  expect(nearest({ address: ip("8.8.8.8") })).toEqual([
    [1, "Egress", 'takes any peer but only port TCP "sql" (a name, and 8.8.8.8 is no pod)'],
    [0, "Egress", "peer must be a pod, and 8.8.8.8 is not one"],
  ]);
  expect(nearest({})[0]?.[2]).toBe(
    'takes any peer but only port TCP "sql" (a name, and the destination is no pod)',
  );
});

test.each<[string, string, Peer[], number]>([
  [
    "labels of pod and namespace add up",
    "shop/web",
    [podsIn({ team: "y" }, { role: "db" }), namespaces({ team: "y" })],
    1,
  ],
  [
    "another namespace is farther than labels",
    "shop/web",
    [pods({ role: "web" }), podsIn({ team: "y" }, { role: "db" })],
    1,
  ],
  ["in another namespace labels count, too", "shop/web", [pods({ role: "db" }), pods({ role: "web" })], 1],
  [
    "a block that is elsewhere is farther than another namespace",
    "shop/web",
    [block("8.0.0.0/8"), pods({ role: "web" })],
    1,
  ],
  [
    "an exception is as near as a label, when it comes first",
    "default/web",
    [block("10.0.0.0/8", "10.0.0.0/24"), pods({ role: "x" })],
    0,
  ],
  [
    "an exception is as near as a label, when it comes last",
    "default/web",
    [pods({ role: "x" }), block("10.0.0.0/8", "10.0.0.0/24")],
    0,
  ],
])("of peers that miss, %s", (_, from, peers, closest) => {
  expect(misses(from, 80, [peers])[0]).toMatchObject({ peerIndex: closest });
});

test("a rule that takes any peer names none, one whose port missed the peer that matched", () => {
  const [any, second] = misses(
    "default/web",
    80,
    [[], [tcp(1)]],
    [[pods({ role: "x" }), pods({ role: "web" })], [tcp(1)]],
  );
  expect(any).not.toHaveProperty("peerIndex");
  expect(second).toMatchObject({
    matched: "peer",
    peerIndex: 1,
    because: "matches the peer but only port TCP 1",
  });
});

test("of several peers the closest is named", () => {
  const [miss] = misses("default/web", 80, [
    [block("8.0.0.0/8"), pods({ role: "x", tier: "y" }), pods({ role: "x" })],
  ]);
  expect(miss).toMatchObject({ peerIndex: 2, matched: "port" });
});
