import { describe, expect, test } from "vitest";
import { policyAt } from "./policy-at.ts";
import { readAt } from "./read.testing.ts";

const head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\n";
const locksOf = (text: string) =>
  [...readAt(text).locks].map(([key, why]) => `${key.split("\n").join(".")}: ${why}`);

test("every field of a policy", () => {
  const { form, kept, locks } = readAt(`${head}spec:
  podSelector:
    matchLabels: {app: web, "yes": "1"}
    matchExpressions: [{key: tier, operator: In, values: [a, b]}, {key: x, operator: Exists}]
  policyTypes: [Egress]
  ingress:
  - from:
    - {podSelector: {}, namespaceSelector: {matchLabels: {team: a}}}
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    ports: [{port: 80, endPort: 90}, {protocol: UDP, port: dns}, {}]
  -
  egress:
  - to: null
`);
  const every = { labels: [], expressions: [] };
  expect(form).toEqual({
    name: "a",
    namespace: "shop",
    podSelector: {
      labels: [
        { key: "app", value: "web" },
        { key: "yes", value: "1" },
      ],
      expressions: [
        { key: "tier", operator: "In", values: ["a", "b"] },
        { key: "x", operator: "Exists", values: [] },
      ],
    },
    policyTypes: { ingress: false, egress: true, written: true },
    ingress: [
      {
        peers: [
          {
            pods: every,
            namespaces: { labels: [{ key: "team", value: "a" }], expressions: [] },
            block: undefined,
          },
          { pods: undefined, namespaces: undefined, block: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
        ],
        ports: [
          { protocol: "", port: "80", endPort: "90" },
          { protocol: "UDP", port: "dns", endPort: "" },
          { protocol: "", port: "", endPort: "" },
        ],
      },
      { peers: [], ports: [] },
    ],
    egress: [{ peers: [], ports: [] }],
  });
  expect(kept).toEqual([]);
  expect([...locks]).toEqual([]);
});

test("without policyTypes the API's default", () => {
  expect(readAt(`${head}spec: {podSelector: {}}`).form.policyTypes).toEqual({
    ingress: true,
    egress: false,
    written: false,
  });
  expect(readAt(`${head}spec: {egress: [{}], policyTypes: []}`).form.policyTypes.egress).toBe(true);
  expect(readAt(head).form.podSelector).toEqual({ labels: [], expressions: [] });
});

test("what it has no field for is named", () => {
  const { kept } = readAt(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, labels: {b: c}}\nstatus: {}\n` +
      "spec: {podSelector: {}, tier: x, ingress: [{form: []}, {from: [{podSelectors: {}}]}]}",
  );
  expect(kept).toEqual([
    "status",
    "metadata.labels",
    "spec.tier",
    "spec.ingress[0].form",
    "spec.ingress[1].from[0].podSelectors",
  ]);
});

describe("is shown only", () => {
  test("what an alias stands for, and what it repeats; the words still say what it means", () => {
    const text = `# one\n---\n${head}spec:\n  podSelector: &web\n    matchLabels: {app: web}\n  ingress:\n  - from:\n    - podSelector: *web\n`;
    const { form, locks } = readAt(text, text.length);
    expect(form.ingress[0]!.peers[0]!.pods).toEqual({
      labels: [{ key: "app", value: "web" }],
      expressions: [],
    });
    expect(Object.fromEntries(locks)).toEqual({
      "spec\npodSelector": "Line 11 repeats this, as *web.",
      "spec\ningress\n0\nfrom\n0\npodSelector": "*web stands for what line 8 says.",
    });
    expect(locksOf(`${head}spec: {podSelector: &alone {}}`)).toEqual([]);
  });
  test("merges, tags, fields that are written twice, names that are none", () => {
    expect(
      locksOf(`${head}x: &c {app: web}\nspec:\n  podSelector:\n    matchLabels:\n      <<: *c\n`),
    ).toEqual([
      "spec.podSelector.matchLabels: Line 8 merges fields of another place into it.",
      "spec.podSelector.matchLabels.<<: *c stands for what line 4 says.",
      "x: Line 8 repeats this, as *c.",
    ]);
    expect(locksOf(`${head}spec: {podSelector: {matchLabels: {app: !!str 1}}}`)).toEqual([
      "spec.podSelector.matchLabels.app: It has a tag, !!str.",
    ]);
    expect(locksOf(`${head}spec: {podSelector: {}, podSelector: {}}`)).toEqual([
      "spec: “podSelector” is written twice here.",
    ]);
    expect(locksOf(`${head}spec: {podSelector: {matchLabels: {y: a}}}`)).toEqual([
      "spec.podSelector.matchLabels: A field's name is no plain text.",
    ]);
  });
  test("what the API has another type for", () => {
    expect(locksOf(`${head}spec: {podSelector: {matchLabels: {app: true}}, ingress: [{ports: 80}]}`)).toEqual(
      [
        "spec.podSelector.matchLabels.app: true is a boolean, and should be a text, in quotes.",
        "spec.ingress.0.ports: A list belongs here.",
      ],
    );
    expect(locksOf(`${head}spec: []`)).toEqual(["spec: Fields belong here."]);
    expect(locksOf(`${head}spec: {policyTypes: [{}]}`)).toEqual(["spec.policyTypes.0: It should be a text."]);
  });
});

describe("the document of the cursor", () => {
  const text = `# first\n---\nkind: Pod\n---\n${head}spec: {}\n--- # last\na: b: c\n`;
  test("is what lies between two lines of dashes", () => {
    expect(policyAt(text, 0)).toEqual({ found: "other", kind: "", policies: [{ name: "a", line: 6 }] });
    expect(policyAt(text, text.indexOf("Pod"))).toMatchObject({ found: "other", kind: "Pod" });
    expect(policyAt(text, text.indexOf("spec"))).toMatchObject({ found: "policy" });
    expect(policyAt(text, text.length)).toMatchObject({ found: "unreadable", line: 10 });
    expect(policyAt("a: [\n\n---\n", 0)).toMatchObject({ found: "unreadable", line: 1 });
    expect(policyAt("", 0)).toEqual({ found: "other", kind: "", policies: [] });
    expect(policyAt("#\n".repeat(1_000_001), 0)).toEqual({ found: "too-long" });
    expect(policyAt(head + "#".repeat(30_000), 0)).toEqual({ found: "too-long" });
  });
  test("of a list it is the item", () => {
    const item = (name: string) =>
      `- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: ${name}}\n`;
    const list = `kind: List\nitems:\n${item("one")}- kind: Pod\n${item("two")}`;
    expect(readAt(list, list.indexOf("one")).form.name).toBe("one");
    expect(readAt(list, list.length)).toMatchObject({
      form: { name: "two" },
      found: { base: ["items", 2], offset: list.indexOf("apiVersion", list.indexOf("Pod")) },
    });
    expect(policyAt(list, list.indexOf("Pod"))).toMatchObject({ found: "other", kind: "List" });
  });
  test("of another group it is none", () => {
    expect(policyAt("apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\n", 0)).toMatchObject({
      found: "other",
    });
  });
});
