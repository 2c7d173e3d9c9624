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
