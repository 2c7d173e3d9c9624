import { describe, expect, test } from "vitest";
import type { PeerSpec } from "./case.ts";
import { allow, around, block, namespaces, pods, podsIn } from "./notation.ts";
import { type Names, policyObject } from "./objects.ts";

const names: Names = {
  namespace: (name) => `c1-${name}`,
  address: (place, family) =>
    place === "node" && family === 6 ? undefined : family === 4 ? "10.244.1.3" : "fd00:10:244::103",
};

const spec = (select: string, peer?: PeerSpec, ports: readonly string[] = []) => {
  const ingress = [allow(peer === undefined ? [] : [peer], ports)];
  return policyObject({ ref: "x/np", select, ingress }, names).spec as {
    podSelector: object;
    policyTypes: string[];
    ingress: [{ from?: object[]; ports?: object[] }];
  };
};

test.each([
  ["", {}],
  ["pod=a", { matchLabels: { pod: "a" } }],
  ["a=,b=c", { matchLabels: { a: "", b: "c" } }],
  ["pod in (a,b)", { matchExpressions: [{ key: "pod", operator: "In", values: ["a", "b"] }] }],
  [
    "tier,!old,pod notin (a)",
    {
      matchExpressions: [
        { key: "tier", operator: "Exists" },
        { key: "old", operator: "DoesNotExist" },
        { key: "pod", operator: "NotIn", values: ["a"] },
      ],
    },
  ],
])("the selector %j", (text, selector) => {
  expect(spec(text).podSelector).toEqual(selector);
});

describe("peers and ports", () => {
  test("namespaces are meant by their names in the session", () => {
    expect(spec("", namespaces("name=y")).ingress[0].from).toEqual([
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "c1-y" } } },
    ]);
    const values = ["c1-x", "c1-y"];
    const matchExpressions = [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values }];
    expect(spec("", podsIn("name notin (x,y)", "name=web")).ingress[0].from).toEqual([
      { namespaceSelector: { matchExpressions }, podSelector: { matchLabels: { name: "web" } } },
    ]);
  });

  test("a block around a place is one of each family that it has", () => {
    expect(spec("", block(around("x/a"))).ingress[0].from).toEqual([
      { ipBlock: { cidr: "10.244.1.3/32" } },
      { ipBlock: { cidr: "fd00:10:244::103/128" } },
    ]);
    expect(spec("", block(around("x/a", 8), around("x/b"))).ingress[0].from).toEqual([
      { ipBlock: { cidr: "10.244.1.0/24", except: ["10.244.1.3/32"] } },
      { ipBlock: { cidr: "fd00:10:244::100/120", except: ["fd00:10:244::103/128"] } },
    ]);
    expect(spec("", block(around("node"))).ingress[0].from).toEqual([{ ipBlock: { cidr: "10.244.1.3/32" } }]);
    expect(spec("", block("::/0")).ingress[0].from).toEqual([{ ipBlock: { cidr: "::/0" } }]);
  });

  test("ports by number, range and name, or only a protocol", () => {
    expect(spec("", undefined, ["TCP", "UDP 80", "TCP 80-90", "TCP web"]).ingress[0].ports).toEqual([
      { protocol: "TCP" },
      { protocol: "UDP", port: 80 },
      { protocol: "TCP", port: 80, endPort: 90 },
      { protocol: "TCP", port: "web" },
    ]);
  });

  test("an absent direction is not isolated, an empty one is", () => {
    expect(policyObject({ ref: "x/np", select: "", egress: [] }, names).spec).toEqual({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [],
    });
    expect(spec("", pods("")).policyTypes).toEqual(["Ingress"]);
  });
});
