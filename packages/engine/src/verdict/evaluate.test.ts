import { describe, expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import {
  block,
  clusterOf,
  everything,
  flow,
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
import type { PolicyRule } from "../model/network-policy.ts";
import type { ClusterObject } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { judge } from "../program/judge.ts";
import { oracle } from "./oracle.ts";

const web = pod("shop/web", { app: "web" }, ["10.0.0.1", "fd00::1"], { nodeName: "n1" });
const db = pod("shop/db", { app: "db" }, ["10.0.0.2", "fd00::2"], {
  nodeName: "n1",
  ports: [named("sql", 5432), named("sql", 5433), named("sql", 53, "UDP")],
});
const db2 = pod("shop/db2", { app: "db" }, ["10.0.0.3"], { ports: [named("sql", 3306)] });
const other = pod("other/web", { app: "web" }, ["10.0.1.1"]);
const host = pod("shop/host", { app: "web" }, ["192.168.0.1"], { hostNetwork: true, nodeName: "n1" });
const done = pod("shop/done", { app: "web" }, ["10.0.0.9"], { phase: "Succeeded" });
const n1 = node("n1", ["192.168.0.1"]);
const base: readonly ClusterObject[] = [
  web,
  db,
  db2,
  other,
  host,
  done,
  n1,
  node("n2", ["192.168.0.2"]),
  namespace("shop", { team: "a" }),
  namespace("other", { team: "b" }),
];

/** Asks every subject, and fails when they do not agree. */
function allowed(cluster: Cluster, from: string, to: string, port: number, protocol?: FlowProtocol): boolean {
  const question = flow(cluster, from, to, port, protocol);
  const objects = {
    namespaces: cluster.namespaces(),
    nodes: cluster.nodes(),
    pods: cluster.pods(),
    policies: cluster.policies(),
  };
  const answer = oracle(objects, question);
  expect(cluster.allows(question)).toBe(answer);
  expect(cluster.evaluate(question).allowed).toBe(answer);
  const { source, destination } = cluster.resolve(question);
  if (source.address && destination.address && source.address.family === destination.address.family) {
    const packet = {
      source: source.address,
      destination: destination.address,
      protocol: question.protocol,
      port,
    };
    expect(
      judge(
        cluster.program(() => true),
        packet,
      ).allowed,
    ).toBe(answer);
  }
  return answer;
}

const ingress = (...rules: PolicyRule[]) =>
  clusterOf(...base, policy("shop/in", labelled({ app: "db" }), { ingress: rules }));
const egress = (...rules: PolicyRule[]) =>
  clusterOf(...base, policy("shop/out", labelled({ app: "web" }), { egress: rules }));

describe("isolation", () => {
  test("without policies everything passes", () => {
    const cluster = clusterOf(...base);
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "8.8.8.8", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "8.8.8.8", "9.9.9.9", 80)).toBe(true);
  });

  test("a policy isolates the pods it selects, in its directions, in its namespace", () => {
    const cluster = clusterOf(...base, policy("shop/in", labelled({ app: "web" }), { ingress: [] }));
    expect(allowed(cluster, "shop/db", "shop/web", 80)).toBe(false);
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "shop/db", "other/web", 80)).toBe(true);
  });

  test("rules of a direction that policyTypes leaves out mean nothing", () => {
    const both = policy("shop/in", labelled({ app: "db" }), { ingress: [rule([])], egress: [] });
    const cluster = clusterOf(...base, { ...both, policyTypes: ["Egress"] });
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "shop/db", "shop/web", 80)).toBe(false);
  });

  test("both sides must allow", () => {
    const out = policy("shop/out", labelled({ app: "web" }), { egress: [rule([pods({ app: "db" })])] });
    const into = policy("shop/in", labelled({ app: "db" }), { ingress: [] });
    const cluster = clusterOf(...base, out, into);
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(false);
    cluster.upsert({ ...into, ingress: [rule([pods({ app: "web" })])] });
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
  });

  test("policies add up", () => {
    const cluster = ingress(rule([], [tcp(80)]));
    expect(allowed(cluster, "shop/web", "shop/db", 81)).toBe(false);
    cluster.upsert(policy("shop/more", everything, { ingress: [rule([], [tcp(81)])] }));
    expect(allowed(cluster, "shop/web", "shop/db", 81)).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
  });

  test("a pod always reaches itself, by any of its addresses", () => {
    const cluster = clusterOf(...base, policy("shop/all", everything, { ingress: [], egress: [] }));
    expect(allowed(cluster, "shop/db", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "10.0.0.2", "10.0.0.2", 0)).toBe(true);
    expect(allowed(cluster, "10.0.0.2", "shop/db", 80)).toBe(true);
  });
});

test("replicas of a workload are not one pod: policies judge between them", () => {
  const replicas = (count?: number) =>
    pod("shop/workers", { app: "db" }, [], {
      workload: { kind: "Deployment", name: "workers", ...(count !== undefined && { replicas: count }) },
    });
  const cluster = ingress(rule([pods({ app: "web" })]));
  const between = () => allowed(cluster, "shop/Deployment/workers", "shop/Deployment/workers", 80);
  cluster.upsert(replicas(3));
  expect(between()).toBe(false);
  cluster.upsert(replicas());
  expect(between()).toBe(false);
  cluster.upsert(replicas(1));
  expect(between()).toBe(true);
  cluster.upsert({ ...replicas(3), addresses: web.addresses });
  cluster.delete("Pod", "shop", "web");
  expect(between()).toBe(true);
});

describe("nodes, host network, finished pods", () => {
  const closed = clusterOf(...base, policy("shop/all", everything, { ingress: [], egress: [] }));

  test("a node reaches its own pods and no others", () => {
    expect(allowed(closed, "192.168.0.1", "shop/db", 80)).toBe(true);
    expect(allowed(closed, "192.168.0.2", "shop/db", 80)).toBe(false);
    expect(allowed(closed, "192.168.0.1", "shop/db2", 80)).toBe(false);
  });

  test("a hostNetwork pod is its node, with or without a Node object and an address", () => {
    expect(allowed(closed, "shop/host", "shop/db", 80)).toBe(true);
    closed.upsert({ ...host, name: "bare", addresses: [] });
    expect(allowed(closed, "shop/bare", "shop/db", 80)).toBe(true);
    closed.delete("Node", undefined, "n1");
    expect(allowed(closed, "shop/bare", "shop/db", 80)).toBe(true);
    expect(allowed(closed, "192.168.0.1", "shop/db", 80)).toBe(true);
    closed.upsert(n1);
  });

  test("pods do not reach their node for free", () => {
    expect(allowed(closed, "shop/db", "192.168.0.1", 80)).toBe(false);
  });

  test("hostNetwork pods are neither selected nor matched by selectors, but by ipBlock", () => {
    const cluster = clusterOf(...base, policy("shop/out", everything, { egress: [rule([pods({})])] }));
    expect(allowed(cluster, "shop/host", "8.8.8.8", 80)).toBe(true);
    expect(allowed(cluster, "shop/db2", "shop/host", 80)).toBe(false);
    cluster.upsert(policy("shop/block", everything, { egress: [rule([block("192.168.0.0/16")])] }));
    expect(allowed(cluster, "shop/db2", "shop/host", 80)).toBe(true);
  });

  test("a finished pod is nothing: not isolated, not matched, and its address is anybody's", () => {
    const cluster = ingress(rule([pods({ app: "web" })]));
    expect(allowed(cluster, "shop/done", "shop/db", 80)).toBe(false);
    expect(allowed(cluster, "10.0.0.9", "shop/db", 80)).toBe(false);
    cluster.upsert({ ...web, name: "heir", addresses: done.addresses });
    expect(allowed(cluster, "10.0.0.9", "shop/db", 80)).toBe(true);
  });
});

describe("peers", () => {
  test("podSelector alone stays in the policy's namespace", () => {
    const cluster = ingress(rule([pods({ app: "web" })]));
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "other/web", "shop/db", 80)).toBe(false);
    expect(allowed(cluster, "shop/db2", "shop/db", 80)).toBe(false);
  });

  test("namespaceSelector alone takes every pod of the namespaces; empty: all pods, no outside address", () => {
    const byTeam = ingress(rule([namespaces({ team: "b" })]));
    expect(allowed(byTeam, "other/web", "shop/db", 80)).toBe(true);
    expect(allowed(byTeam, "shop/web", "shop/db", 80)).toBe(false);
    const any = ingress(rule([namespaces({})]));
    expect(allowed(any, "other/web", "shop/db", 80)).toBe(true);
    expect(allowed(any, "8.8.8.8", "shop/db", 80)).toBe(false);
  });

  test("two fields of one peer are AND, two peers are OR", () => {
    const and = ingress(rule([podsIn({ team: "b" }, { app: "db" })]));
    expect(allowed(and, "other/web", "shop/db", 80)).toBe(false);
    const or = ingress(rule([namespaces({ team: "b" }), pods({ app: "web" })]));
    expect(allowed(or, "other/web", "shop/db", 80)).toBe(true);
    expect(allowed(or, "shop/web", "shop/db", 80)).toBe(true);
  });

  test("a rule without peers takes anyone, outside included", () => {
    expect(allowed(ingress(rule([])), "8.8.8.8", "shop/db", 80)).toBe(true);
    expect(allowed(egress(rule([])), "shop/web", "2001:db8::1", 80)).toBe(true);
  });

  test("ipBlock sees pods' addresses too, and only its own family", () => {
    const cluster = ingress(rule([block("10.0.0.0/24")]));
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(true);
    expect(allowed(cluster, "fd00::1", "fd00::2", 80)).toBe(false);
    expect(allowed(ingress(rule([block("::/0")])), "10.0.0.1", "10.0.0.2", 80)).toBe(false);
    expect(allowed(ingress(rule([block("::/0")])), "fd00::1", "fd00::2", 80)).toBe(true);
  });

  test("except belongs to its own peer", () => {
    const one = ingress(rule([block("10.0.0.0/24", "10.0.0.1/32")]));
    expect(allowed(one, "shop/web", "shop/db", 80)).toBe(false);
    const two = ingress(rule([block("10.0.0.0/24", "10.0.0.1/32"), block("10.0.0.1/32")]));
    expect(allowed(two, "shop/web", "shop/db", 80)).toBe(true);
  });

  test("a pod without an address is matched by selectors and by no ipBlock", () => {
    const ghost = pod("shop/ghost", { app: "web" }, []);
    const selector = ingress(rule([pods({ app: "web" })]));
    selector.upsert(ghost);
    expect(allowed(selector, "shop/ghost", "shop/db", 80)).toBe(true);
    const everywhere = ingress(rule([block("0.0.0.0/0"), block("::/0")]));
    everywhere.upsert(ghost);
    expect(allowed(everywhere, "shop/ghost", "shop/db", 80)).toBe(false);
  });

  test("a peer without selectors matches nothing", () => {
    const cluster = ingress(rule([{ kind: "pods" }]));
    expect(allowed(cluster, "shop/web", "shop/db", 80)).toBe(false);
    expect(allowed(cluster, "8.8.8.8", "shop/db", 80)).toBe(false);
  });
});

describe("ports", () => {
  test("endPort is inclusive at both ends", () => {
    const cluster = ingress(rule([], [tcp(80, 90)]));
    const answers = [79, 80, 85, 90, 91].map((port) => allowed(cluster, "shop/web", "shop/db", port));
    expect(answers).toEqual([false, true, true, true, false]);
  });

  test("a protocol without a port is all of its ports", () => {
    const cluster = ingress(rule([], [{ protocol: "UDP" }]));
    expect(allowed(cluster, "shop/web", "shop/db", 1, "UDP")).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db", 65535, "UDP")).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db", 1, "TCP")).toBe(false);
    expect(allowed(cluster, "shop/web", "shop/db", 1, "SCTP")).toBe(false);
  });

  test("ICMP passes only a rule without ports", () => {
    const all = [{ protocol: "TCP" }, { protocol: "UDP" }, { protocol: "SCTP" }] as const;
    expect(allowed(ingress(rule([], all)), "shop/web", "shop/db", 0)).toBe(false);
    expect(allowed(ingress(rule([])), "shop/web", "shop/db", 0)).toBe(true);
  });

  test("an ingress port name is every number of that name and protocol on the selected pod", () => {
    const cluster = ingress(rule([], [tcp("sql")]));
    expect([5432, 5433, 53, 3306].map((port) => allowed(cluster, "shop/web", "shop/db", port))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(allowed(cluster, "shop/web", "shop/db", 53, "UDP")).toBe(false);
    expect(allowed(cluster, "shop/web", "shop/db2", 3306)).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db2", 5432)).toBe(false);
  });

  test("an egress port name is asked of the destination pod, and never matches outside", () => {
    const cluster = egress(rule([], [tcp("sql"), udp("sql")]));
    expect(allowed(cluster, "shop/web", "shop/db", 5433)).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db", 53, "UDP")).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db", 3306)).toBe(false);
    expect(allowed(cluster, "shop/web", "shop/db2", 3306)).toBe(true);
    expect(allowed(cluster, "shop/web", "8.8.8.8", 3306)).toBe(false);
  });

  test("an egress port name with an ipBlock resolves on the pod whose address lies in it", () => {
    const cluster = egress(rule([block("10.0.0.2/32")], [tcp("sql")]));
    expect(allowed(cluster, "shop/web", "shop/db", 5432)).toBe(true);
    expect(allowed(cluster, "shop/web", "shop/db2", 3306)).toBe(false);
    expect(allowed(cluster, "fd00::1", "fd00::2", 5432)).toBe(false);
  });

  test("numbers and names mix in one rule", () => {
    const cluster = egress(rule([pods({ app: "db" })], [tcp(80), tcp("sql")]));
    expect([80, 81, 5432].map((port) => allowed(cluster, "shop/web", "shop/db", port))).toEqual([
      true,
      false,
      true,
    ]);
  });
});
