import { Cluster, type NetworkPolicy, type Pod, parseAddress } from "@portcullis/engine";
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
