import { describe, expect, test } from "vitest";
import {
  block,
  clusterOf,
  end,
  everything,
  flow,
  ip,
  labelled,
  namespace,
  namespaces,
  node,
  pod,
  pods,
  policy,
  rule,
  service,
  tcp,
} from "./objects.testing.ts";

const web = pod("default/web", { app: "web" }, ["10.0.0.1", "fd00::1"]);
const db = pod("default/db", { app: "db" }, ["10.0.0.2", "fd00::2"]);
const onlyWeb = policy("default/db", labelled({ app: "db" }), { ingress: [rule([pods({ app: "web" })])] });

describe("changes", () => {
  test("workloads of one name and different kinds are two peers", () => {
    const deployment = pod("default/web", {}, [], { workload: { kind: "Deployment", name: "web" } });
    const job = pod("default/web", {}, [], { workload: { kind: "Job", name: "web" } });
    const cluster = clusterOf(web, deployment, job);
    expect(cluster.pods()).toEqual([job, deployment, web].sort(byKind));
    expect(cluster.get("Pod", "default", "Job/web")).toEqual(job);
    expect(cluster.delete("Pod", "default", "Deployment/web")).toBe(true);
    expect(cluster.pods()).toEqual([job, web]);
  });

  test("an object equal to the present one changes nothing", () => {
    const cluster = clusterOf(web, db, onlyWeb, namespace("default", {}), node("n1", ["10.9.0.1"]));
    const { revision } = cluster;
    const pods = cluster.pods();
    for (const object of [web, onlyWeb, namespace("default", {}), node("n1", ["10.9.0.1"])]) {
      cluster.upsert(structuredClone(object));
    }
    expect(cluster.revision).toBe(revision);
    expect(cluster.pods()).toEqual(pods);
    cluster.upsert({ ...web, labels: {} });
    expect(cluster.revision).toBe(revision + 1);
  });

  test("delete says whether there was something, and takes any kind", () => {
    const cluster = clusterOf(web);
    expect(cluster.delete("Pod", "default", "web")).toBe(true);
    expect(cluster.delete("Pod", "default", "web")).toBe(false);
    expect(cluster.delete("Service", "default", "web")).toBe(false);
    expect(cluster.delete("Namespace", undefined, "default")).toBe(false);
    expect(cluster.namespaces()).toEqual([]);
  });

  test("every kind of change counts as one, and is there to be read", () => {
    const cluster = clusterOf();
    const changes = [web, onlyWeb, service("tools/dns", {}), namespace("zoo", {}), node("n1", ["10.9.0.1"])];
    for (const [index, object] of changes.entries()) {
      cluster.upsert(object);
      expect(cluster.revision).toBe(index + 1);
    }
    expect(cluster.services()).toEqual([service("tools/dns", {})]);
    expect(cluster.get("Service", "tools", "dns")).toEqual(service("tools/dns", {}));
    expect(cluster.get("NetworkPolicy", "default", "db")).toEqual(onlyWeb);
    expect(cluster.namespaces().map(({ name }) => name)).toEqual(["default", "tools", "zoo"]);
    expect(cluster.delete("Service", "tools", "dns")).toBe(true);
    expect(cluster.namespaces().map(({ name }) => name)).toEqual(["default", "zoo"]);
  });

  test("a range of ports that grows is another rule", () => {
    const upTo = (last: number) =>
      policy("default/range", labelled({ app: "db" }), { ingress: [rule([], [tcp(80, last)])] });
    const cluster = clusterOf(db, upTo(90));
    const ports = () => cluster.program(() => true).chains.map(({ rules }) => rules[0]!.ports);
    expect(ports()).toEqual([[{ protocol: "TCP", from: 80, to: 90 }]]);
    cluster.upsert(upTo(443));
    expect(ports()).toEqual([[{ protocol: "TCP", from: 80, to: 443 }]]);
    expect(cluster.program(() => true).endpointSets).toEqual([]);
  });

  test("a relabelled pod leaves and joins policies and peers", () => {
    const cluster = clusterOf(web, db, onlyWeb);
    const ask = () => cluster.allows(flow(cluster, "default/web", "default/db", 80));
    expect(ask()).toBe(true);
    cluster.upsert({ ...web, labels: { app: "bot" } });
    expect(ask()).toBe(false);
    cluster.upsert({ ...db, labels: { app: "cache" } });
    expect(ask()).toBe(true);
  });

  test("a relabelled namespace changes who its pods are, and back when its object goes", () => {
    const from = policy("default/ns", everything, { ingress: [rule([namespaces({ team: "x" })])] });
    const cluster = clusterOf(db, from, pod("shop/a", {}, ["10.0.1.1"]));
    const ask = () => cluster.allows(flow(cluster, "shop/a", "default/db", 80));
    expect(ask()).toBe(false);
    cluster.upsert(namespace("shop", { team: "x" }));
    expect(ask()).toBe(true);
    cluster.upsert(namespace("shop", { team: "y" }));
    expect(ask()).toBe(false);
    cluster.upsert(namespace("shop", { team: "x" }));
    cluster.delete("Namespace", undefined, "shop");
    expect(ask()).toBe(false);
    expect(cluster.get("Namespace", undefined, "shop")?.labels).toEqual({
      "kubernetes.io/metadata.name": "shop",
    });
  });

  test("namespaces always carry their name, whatever their object says", () => {
    const byName = { "kubernetes.io/metadata.name": "shop" };
    const from = policy("default/ns", everything, { ingress: [rule([namespaces(byName)])] });
    const cluster = clusterOf(db, from, pod("shop/a", {}, ["10.0.1.1"]));
    const ask = () => cluster.allows(flow(cluster, "shop/a", "default/db", 80));
    expect(ask()).toBe(true);
    cluster.upsert(namespace("shop", { team: "x", "kubernetes.io/metadata.name": "liar" }));
    expect(ask()).toBe(true);
  });
});

test("the policies that select a pod, by name and in either direction", () => {
  const names = ["c", "a", "d", "b"];
  const given = names.map((name) =>
    policy(`default/${name}`, everything, name === "b" ? { egress: [] } : { ingress: [] }),
  );
  const cluster = clusterOf(web, ...given, policy("default/e", labelled({ app: "db" }), { ingress: [] }));
  expect(cluster.policiesSelecting(web).map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  const chains = cluster.program(() => true).chains.map(({ policies }) => policies);
  expect(chains).toEqual([["default/b"], ["default/a", "default/c", "default/d"]]);
});

describe("addresses", () => {
  test("a node keeps the address of its hostNetwork pods until the last of them goes", () => {
    const host = (name: string) =>
      pod(`default/${name}`, {}, ["192.168.0.9"], { hostNetwork: true, nodeName: "n1" });
    const closed = policy("default/closed", everything, { ingress: [] });
    const cluster = clusterOf({ ...db, nodeName: "n1" }, closed, host("one"), host("two"));
    const ask = () => cluster.allows(flow(cluster, "192.168.0.9", "default/db", 80));
    expect(ask()).toBe(true);
    cluster.delete("Pod", "default", "one");
    expect(ask()).toBe(true);
    cluster.delete("Pod", "default", "two");
    expect(ask()).toBe(false);
  });

  test("of two nodes with one address the first by name is told", () => {
    const cluster = clusterOf(node("n2", ["10.9.0.1"]), node("n1", ["10.9.0.1"]));
    expect(cluster.nodeByAddress(ip("10.9.0.1"))?.name).toBe("n1");
  });

  test("a pod that the cluster does not hold uses the addresses that it says", () => {
    const cluster = clusterOf(
      db,
      policy("default/db", everything, { ingress: [rule([block("10.0.0.1/32")])] }),
    );
    const to = end(cluster, "default/db");
    expect(cluster.allows({ source: { pod: web }, destination: to, protocol: "TCP", port: 80 })).toBe(true);
  });

  const heir = { ...web, name: "heir", labels: { app: "heir" } };

  test("an address passes to a new pod in either order", () => {
    for (const order of ["delete first", "upsert first"]) {
      const cluster = clusterOf(web);
      if (order === "delete first") cluster.delete("Pod", "default", "web");
      cluster.upsert(heir);
      if (order === "upsert first") cluster.delete("Pod", "default", "web");
      expect(cluster.podByAddress(ip("10.0.0.1"))).toBe(heir);
    }
  });

  test("while two pods claim it, the first by name has it, and sets hold it once", () => {
    const peers = policy("default/p", everything, {
      ingress: [rule([pods({ app: "heir" })]), rule([pods({ app: "web" })])],
    });
    const cluster = clusterOf(web, heir, peers);
    expect(cluster.podByAddress(ip("10.0.0.1"))).toBe(heir);
    const sets = cluster.program(() => true).addressSets;
    expect(sets.map(({ id, addresses }) => [id, addresses.length])).toEqual([
      ["default/app=heir", 2],
      ["default/app=web", 0],
    ]);
    cluster.delete("Pod", "default", "heir");
    expect(cluster.program(() => true).addressSets.map(({ addresses }) => addresses.length)).toEqual([0, 2]);
  });

  test("host network and finished pods own none; nodes have theirs", () => {
    const host = pod("default/host", {}, ["192.168.0.1"], { hostNetwork: true, nodeName: "n1" });
    const cluster = clusterOf(
      host,
      pod("default/done", {}, ["10.0.0.7"], { phase: "Failed" }),
      node("n1", ["192.168.0.1"]),
    );
    expect(cluster.podByAddress(ip("192.168.0.1"))).toBeUndefined();
    expect(cluster.podByAddress(ip("10.0.0.7"))).toBeUndefined();
    expect(cluster.nodeByAddress(ip("192.168.0.1"))?.name).toBe("n1");
    expect(cluster.nodeByAddress(ip("192.168.0.2"))).toBeUndefined();
  });

  test("a flow without chosen addresses takes a common family, IPv4 first", () => {
    const six = pod("default/six", {}, ["fd00::6"]);
    const cluster = clusterOf(web, db, six);
    const chosen = (from: string, to: string) => {
      const { source, destination } = cluster.resolve(flow(cluster, from, to, 80));
      return [source.address?.text, destination.address?.text];
    };
    expect(chosen("default/web", "default/db")).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(chosen("default/web", "default/six")).toEqual(["fd00::1", "fd00::6"]);
    expect(chosen("default/web", "2001:db8::1")).toEqual(["fd00::1", "2001:db8::1"]);
    expect(chosen("fd00::1", "default/db")).toEqual(["fd00::1", "fd00::2"]);
  });

  test("a pod that the cluster does not hold is judged as if it did; one that it holds, as it is now", () => {
    const cluster = clusterOf(db, onlyWeb, policy("default/out", labelled({ app: "web" }), { egress: [] }));
    const to = end(cluster, "default/db");
    const ask = (imagined: typeof web) =>
      cluster.evaluate({ source: { pod: imagined }, destination: to, protocol: "TCP", port: 80 });
    expect([ask(web).egress.reason, ask(web).ingress.reason]).toEqual(["no-match", "rule"]);
    expect(ask({ ...web, labels: { app: "bot" } }).ingress.reason).toBe("no-match");
    cluster.upsert({ ...web, labels: { app: "bot" } });
    expect([ask(web).egress.reason, ask(web).ingress.reason]).toEqual(["not-isolated", "no-match"]);
  });
});

test("lists are sorted by name", () => {
  const cluster = clusterOf(
    web,
    db,
    pod("default/x", {}, []),
    pod("a/z", {}, []),
    pod("a-b/a", {}, []),
    namespace("zoo", {}),
  );
  expect(cluster.pods().map(({ namespace: where, name }) => `${where}/${name}`)).toEqual([
    "a-b/a",
    "a/z",
    "default/db",
    "default/web",
    "default/x",
  ]);
  expect(cluster.pods("default").map(({ name }) => name)).toEqual(["db", "web", "x"]);
  expect(cluster.pods("nowhere")).toEqual([]);
  expect(cluster.namespaces().map(({ name }) => name)).toEqual(["a", "a-b", "default", "zoo"]);
  expect(cluster.policiesSelecting(web)).toEqual([]);
});

function byKind(a: { workload?: { kind: string } }, b: { workload?: { kind: string } }): number {
  return (a.workload?.kind ?? "~") < (b.workload?.kind ?? "~") ? -1 : 1;
}
