import { expect, test } from "vitest";
import {
  clusterOf,
  everything,
  labelled,
  pod,
  pods,
  policy,
  rule,
  tcp,
} from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import type { ClusterObject, Pod } from "../../model/objects.ts";
import { policyManifest } from "../../report/flows/policy-manifest.ts";
import { suggestionYaml } from "../../report/flows/suggestion-yaml.ts";
import type { FlowRecord } from "../flow-record.ts";
import { end, record } from "../records.testing.ts";
import { type Suggestion, type SuggestOptions, suggest } from "./suggest.ts";

const deployed = (namespace: string, app: string, ip: string, number = 1): Pod =>
  pod(`${namespace}/${app}-${number}`, { app }, [ip], { owner: { kind: "Deployment", name: app } });

const web = deployed("shop", "web", "10.0.0.1");
const db = deployed("shop", "db", "10.0.0.2");
const log = deployed("ops", "log", "10.0.0.3");
const dns = pod("kube-system/dns", { "k8s-app": "kube-dns" }, ["10.0.0.4"]);
const shop = [web, db, log, dns];

const of = (one: Pod) => end(one.addresses[0]!.text, `${one.namespace}/${one.name}`);
const flow = (from: Pod | string, to: Pod | string, port: number, more: Partial<FlowRecord> = {}) => {
  const side = (each: Pod | string) => (typeof each === "string" ? end(each) : of(each));
  return record(side(from), side(to), port, more);
};
const icmp = { protocol: "ICMP" };
const udp = { protocol: "UDP" };

const both: readonly Direction[] = ["Ingress", "Egress"];
const suggested = (
  objects: readonly ClusterObject[],
  records: readonly FlowRecord[],
  options: Partial<SuggestOptions> = {},
): Suggestion => suggest(clusterOf(...objects), records, { directions: both, ...options });

const yaml = (found: Suggestion): string => [...suggestionYaml(found)].join("");

const specOf = (found: Suggestion, name: string) =>
  policyManifest(found.policies.find(({ policy: { name: own } }) => own === name)!.policy).spec;

test("peers with the same ports share a rule, or ports with the same peers, whichever takes fewer rules", () => {
  const found = suggested(shop, [
    flow(web, db, 80),
    flow(log, db, 80),
    flow("192.0.2.1", db, 80),
    flow("192.0.2.0", db, 80),
    flow("192.0.2.1", db, 81),
    flow("192.0.2.0", db, 81),
    flow(log, db, 81),
  ]);
  expect(specOf(found, "db").ingress).toEqual([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ops" } },
          podSelector: { matchLabels: { app: "log" } },
        },
        { ipBlock: { cidr: "192.0.2.0/31" } },
      ],
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 81 },
      ],
    },
    { from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ protocol: "TCP", port: 80 }] },
  ]);
});

test("one selector in several namespaces is one peer; three ports in a row are a range", () => {
  const agents = ["a", "b", "c"].map((name, index) => deployed(name, "agent", `10.0.1.${index}`));
  const records = agents.flatMap((agent) => [80, 81, 82, 90].map((port) => flow(agent, db, port)));
  expect(specOf(suggested([...shop, ...agents], records), "db").ingress).toEqual([
    {
      from: [
        {
          namespaceSelector: {
            matchExpressions: [
              { key: "kubernetes.io/metadata.name", operator: "In", values: ["a", "b", "c"] },
            ],
          },
          podSelector: { matchLabels: { app: "agent" } },
        },
      ],
      ports: [
        { protocol: "TCP", port: 80, endPort: 82 },
        { protocol: "TCP", port: 90 },
      ],
    },
  ]);
});

test("what has no port takes a rule for every port, unless it is left out; it needs no other then", () => {
  const records = [flow(web, db, 0, icmp), flow(web, db, 80), flow(web, db, 0, { protocol: "47" })];
  const peer = [{ podSelector: { matchLabels: { app: "db" } } }];
  expect(specOf(suggested(shop, records), "web").egress).toEqual([{ to: peer }]);
  const without = suggested(shop, records, { portless: false });
  expect(specOf(without, "web").egress).toEqual([{ to: peer, ports: [{ protocol: "TCP", port: 80 }] }]);
  expect([without.notKept, without.portless]).toEqual([[], { flows: 2, connections: 2 }]);
});

test("flows that nothing denies need no rule; what cannot be kept is told; the denied give no reason", () => {
  const found = suggested(shop, [
    flow(web, web, 80),
    record({ address: "10.1.0.1", node: "n1" }, of(web), 81),
    record(end("10.0.0.9", "shop/gone", "Job/x"), of(web), 82),
    flow("192.0.2.1", "192.0.2.2", 83),
    flow(web, db, 84, { verdict: "denied" }),
    flow(web, log, 85, { verdict: "would-be-denied" }),
  ]);
  expect(
    found.policies.map(({ policy: { name, ingress, egress } }) => [name, ingress.length, egress.length]),
  ).toEqual([
    ["log", 1, 0],
    ["web", 0, 1],
  ]);
  expect(found.notKept.map(({ because }) => because)).toEqual([
    "neither end is a pod of this cluster",
    "there is no pod shop/gone and no Job/x",
  ]);
  expect(found.denied).toEqual({ flows: 1, connections: 1 });
  expect(found.silent).toEqual(["shop/Deployment/db"]);
});

test("one side only, some workloads only, prefixes in place of addresses, staged", () => {
  const records = [flow("192.0.2.77", db, 80), flow("2001:db8::7", db, 80), flow(web, db, 80)];
  const found = suggested(shop, records, {
    directions: ["Ingress"],
    wants: ({ names }) => names.includes("Deployment/db"),
    aggregate: { 4: 24, 6: 64 },
    staged: true,
  });
  expect(found.policies.map(({ policy: each }) => [each.name, each.policyTypes, each.staged])).toEqual([
    ["db", ["Ingress"], true],
  ]);
  expect(JSON.stringify(specOf(found, "db").ingress)).toContain(
    '{"ipBlock":{"cidr":"192.0.2.0/24"}},{"ipBlock":{"cidr":"2001:db8::/64"}}',
  );
});

test("beside what is in force: what is allowed already is left out, and a side that it isolates is not asked for", () => {
  const existing = policy("shop/db", labelled({ app: "db" }), {
    ingress: [rule([pods({ app: "web" })], [tcp(80)])],
  });
  const closed = policy("ops/closed", everything, { ingress: [], egress: [] });
  const records = [flow(web, db, 80), flow(web, db, 81), flow(web, log, 80)];
  const beside = suggested([...shop, existing, closed], records, { beside: true });
  expect(beside.policies.map(({ policy: { name, policyTypes } }) => [name, policyTypes])).toEqual([
    ["log", ["Ingress"]],
    ["db-suggested", ["Ingress", "Egress"]],
    ["web", ["Ingress", "Egress"]],
  ]);
  expect(specOf(beside, "db-suggested").ingress).toEqual([
    { from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ protocol: "TCP", port: 81 }] },
  ]);
  const alone = suggested([...shop, existing], records);
  expect(specOf(alone, "db-suggested").ingress?.[0]?.ports).toEqual([
    { protocol: "TCP", port: 80 },
    { protocol: "TCP", port: 81 },
  ]);
});

test("only what is denied: rules for the sides that deny it, and nothing that is open gets isolated", () => {
  const existing = policy("shop/db", labelled({ app: "db" }), {
    ingress: [rule([pods({ app: "web" })], [tcp(80)])],
  });
  const records = [flow(web, db, 80), flow(web, db, 81), flow(db, web, 90), flow(web, log, 80)];
  const { policies } = suggested([...shop, existing], records, { onlyDenied: true });
  expect(policies.map(({ policy: each }) => policyManifest(each))).toMatchObject([
    {
      metadata: { name: "db-suggested" },
      spec: {
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ port: 81 }] }],
      },
    },
  ]);
  expect(suggested(shop, records, { onlyDenied: true }).policies).toEqual([]);
});

test("only what is denied: pods that get isolated with others of their workload keep what they did", () => {
  const other = pod("shop/db-2", { app: "db", more: "x" }, ["10.0.0.8"], db.owner && { owner: db.owner });
  const closed = policy("shop/db", labelled({ more: "x" }), { ingress: [] });
  const records = [flow(web, db, 80), flow(web, other, 81)];
  const { policies } = suggested([...shop, other, closed], records, { onlyDenied: true });
  expect(policies.map(({ policy: { ingress } }) => ingress[0]?.ports.map(({ port }) => port))).toEqual([
    [80, 81],
  ]);
});

test.each([
  ["nobody asked", [flow(web, db, 80)], "No request for a name was recorded", "not-seen"],
  ["by UDP only", [flow(web, dns, 53, udp)], "Names were asked for by UDP only", "udp-only"],
  ["by both", [flow(web, dns, 53, udp), flow(web, dns, 53)], "", undefined],
])("names: %s", (_, records, hint, expected) => {
  const found = suggested(shop, records, { wants: ({ names }) => names.includes("Deployment/web") });
  expect(found.policies[0]!.dns).toBe(expected);
  const text = yaml(found);
  if (hint === "") expect(text).not.toContain("  # N");
  else expect(text).toContain(hint);
});

test("the manifests are the policies, comments and all, whatever the names are", () => {
  const odd = pod("shop/odd", { app: "yes", "a.b/c": "1.0" }, ["10.0.0.5", "fd00::5"], {
    owner: { kind: "Deployment", name: "evil\n  namespace: x" },
  });
  const records = [
    flow(odd, db, 80),
    flow(web, odd, 1),
    flow(web, odd, 2),
    flow("fd00::9", odd, 0, icmp),
    flow("192.0.2.1", odd, 3),
  ];
  const found = suggested([...shop, odd], records, { staged: true });
  const read = readManifest(yaml(found), "s.yaml");
  expect(read.diagnostics).toEqual([]);
  expect(read.objects.map((each) => policyManifest(each as NetworkPolicy))).toEqual(
    found.policies.map(({ policy: each }) => policyManifest(each)),
  );
  expect(found.policies.map(({ policy: { name } }) => name)).toContain("evil-namespace-x");
  expect(yaml(suggested(shop, []))).toBe("");
});

test.each([
  [
    "y",
    "no",
    "on",
    "Null",
    "true",
    "0x1F",
    "010",
    "1e3",
    "1_000",
    "2026-01-01",
    "0b1",
    "0o7",
    "1.5",
    "inf",
    "NaN",
  ],
])("a label that YAML would read as something else stays a text", (...values) => {
  const odd = values.map((value, index) => pod(`shop/p${index}`, { app: value }, [`10.0.3.${index}`]));
  const found = suggested(
    [...shop, ...odd],
    odd.map((each) => flow(each, db, 80)),
  );
  const { objects, diagnostics } = readManifest(yaml(found), "s.yaml");
  expect(diagnostics).toEqual([]);
  expect(objects.map((each) => policyManifest(each as NetworkPolicy))).toEqual(
    found.policies.map(({ policy: each }) => policyManifest(each)),
  );
});

test("the same records in any order give the same text", () => {
  const records = [flow(web, db, 80), flow(log, db, 81), flow(web, dns, 53, udp), flow("192.0.2.9", web, 80)];
  const text = yaml(suggested(shop, records));
  expect(yaml(suggested(shop.toReversed(), records.toReversed()))).toBe(text);
});
