import { Cluster, type NetworkPolicy, type Pod, parseAddress, parseCidr } from "@portcullis/engine";
import { expect, test } from "vitest";
import { Renderer } from "./render.ts";

const pod = (name: string, address: string): Pod => ({
  kind: "Pod",
  namespace: "default",
  name,
  labels: { app: name },
  addresses: [parseAddress(address)!],
  hostNetwork: false,
  phase: "Running",
  ports: [],
});
const selector = (app: string) => ({ matchLabels: { app }, matchExpressions: [] });
const policy = (name: string, from: string): NetworkPolicy => ({
  kind: "NetworkPolicy",
  namespace: "default",
  name,
  podSelector: selector(name),
  policyTypes: ["Ingress"],
  ingress: [{ peers: [{ kind: "pods", podSelector: selector(from) }], ports: [] }],
  egress: [],
});

test("the maps are the same when only a set changes, and follow when every chain changes at once", () => {
  const cluster = new Cluster();
  for (const object of [pod("api", "10.1.0.1"), policy("api", "web")]) cluster.upsert(object);
  const renderer = new Renderer({ podCidrs: [], denied: "drop", flows: false });
  const render = () => renderer.render(cluster.program(({ name }) => name === "api")).table;
  const before = render();
  cluster.upsert(pod("web", "10.1.9.9"));
  const filled = render();
  expect(filled.maps.get("ingress_v4")).not.toEqual(before.maps.get("ingress_v4"));
  const { value } = filled.maps.get("ingress_v4")!.elements.get("10.1.0.1")!;
  expect(filled.chains.get("kind" in value && value.kind === "goto" ? value.chain : "")?.rules).toHaveLength(
    2,
  );
  cluster.upsert({ ...pod("web-2", "10.1.9.8"), labels: { app: "web" } });
  const fuller = render();
  expect(fuller.sets).not.toEqual(filled.sets);
  for (const [name, map] of fuller.maps) expect(map).toBe(filled.maps.get(name));
});

test("pods that stay as they are follow their chain when only a far pod changes its shape", () => {
  const cluster = new Cluster();
  const local = [pod("api", "10.1.0.1"), pod("db", "10.1.0.2")];
  for (const object of [...local, policy("api", "web"), policy("db", "api")]) cluster.upsert(object);
  const renderer = new Renderer({ podCidrs: [], denied: "drop", flows: false });
  const chains = () => {
    const { table } = renderer.render(cluster.program(({ name }) => name !== "web"));
    return [...table.maps.get("ingress_v4")!.elements.values()].map(({ value }) => {
      const name = "kind" in value && value.kind === "goto" ? value.chain : "";
      return { name, rules: table.chains.get(name)?.rules.length };
    });
  };
  const [api, db] = chains();
  expect([api?.rules, db?.rules]).toEqual([1, 2]);
  cluster.upsert(pod("web", "10.1.9.9"));
  const [apiAfter, dbAfter] = chains();
  expect(apiAfter?.rules).toBe(2);
  expect(apiAfter?.name).not.toBe(api?.name);
  expect(dbAfter).toEqual(db);
});

test("while all is closed the pods that are of no range are named, and no others", () => {
  const podCidrs = [parseCidr("10.1.0.0/24")!, parseCidr("fd00::/120")!];
  const renderer = new Renderer({ podCidrs, denied: "drop", flows: false });
  const addresses = ["10.0.255.255", "10.1.0.0", "10.1.0.255", "10.1.1.0", "fd00::", "fd00::ff", "fd00::100"];
  const cluster = new Cluster();
  for (const [i, address] of addresses.entries()) cluster.upsert(pod(`p${i}`, address));
  // Of IPv6, and as a number within the range of IPv4.
  cluster.upsert(pod("low", "::a01:5"));
  const { sets } = renderer.closed(cluster.program(() => true).pods, []);
  const named = (name: string) => [...sets.get(name)!.elements.keys()].sort();
  expect(named("pods_v4")).toEqual(["10.0.255.255", "10.1.1.0"]);
  expect(named("pods_v6")).toEqual(["::a01:5", "fd00::100"]);
});

test("the devices that lead to pods are those that were told last, and the same object while they are the same", () => {
  const renderer = new Renderer({ podCidrs: [], denied: "drop", flows: false });
  const links = (...told: string[]) =>
    renderer
      .render(
        new Cluster().program(() => true),
        told,
      )
      .table.sets.get("pod_links")!;
  const first = links("a", "b");
  expect([...first.elements.keys()]).toEqual(["a", "b"]);
  expect(links("a", "b")).toBe(first);
  expect([...links("a", "c").elements.keys()]).toEqual(["a", "c"]);
  expect([...links("d", "e").elements.keys()]).toEqual(["d", "e"]);
});

test("every set that a rule looks up is in the table", () => {
  const cluster = new Cluster();
  // More than stand in the rules themselves.
  const blocks = Array.from({ length: 40 }, (_, i) => ({
    kind: "ipBlock" as const,
    cidr: parseCidr(`10.2.${2 * i}.0/24`)!,
    except: [],
  }));
  for (const object of [
    pod("api", "10.1.0.1"),
    { ...policy("api", "web"), ingress: [{ peers: blocks, ports: [] }] },
  ])
    cluster.upsert(object);
  const { table } = new Renderer({ podCidrs: [], denied: "drop", flows: false }).render(
    cluster.program(() => true),
  );
  const rules = JSON.stringify([...table.chains.values()].map((chain) => chain.rules));
  const looked = [...rules.matchAll(/"set":"([^"]+)"/g)].map(([, name]) => name!);
  expect(looked.filter((name) => name.startsWith("cidrs"))).toHaveLength(1);
  expect(looked.filter((name) => !table.sets.has(name) && !table.maps.has(name))).toEqual([]);
});
