import { describe, expect, test } from "vitest";
import { readManifest, readManifests } from "./read-manifest.ts";

const policy = (name: string, rest = "spec: {podSelector: {}}") =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\n${rest}\n`;

const namesIn = (text: string) => readManifest(text, "a.yaml").objects.map(({ name }) => name);

/** `line:column code path` of every diagnostic. */
const findings = (text: string) =>
  readManifest(text, "a.yaml").diagnostics.map(
    ({ code, path, range }) => `${range?.start.line}:${range?.start.column} ${code} ${path}`,
  );

describe("documents", () => {
  test.each<[string, string, string[]]>([
    [
      "several, with empty ones between",
      `---\n${policy("a")}---\n---\n# only a comment\n---\n${policy("b")}---\n`,
      ["a", "b"],
    ],
    ["a comment behind the separator", `${policy("a")}--- # next\n${policy("b")}`, ["a", "b"]],
    ["CRLF", `${policy("a")}---\n${policy("b")}`.replaceAll("\n", "\r\n"), ["a", "b"]],
    ["a byte order mark", `\uFEFF${policy("a")}`, ["a"]],
    ["no line feed at the end", policy("a").trimEnd(), ["a"]],
    ["nothing", "", []],
    ["an end marker", `${policy("a")}...\n`, ["a"]],
    ["flow style", `{apiVersion: v1, kind: Namespace, metadata: {name: ns}}`, ["ns"]],
    ["JSON", JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }), ["n"]],
    [
      "a stream of JSON",
      ["n", "m"]
        .map((name) => JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } }))
        .join("\n"),
      ["n", "m"],
    ],
    [
      "JSON with a comma too many, which is YAML",
      `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n",}}`,
      ["n"],
    ],
  ])("%s", (_name, text, names) => {
    const { objects, diagnostics } = readManifest(text, "a.yaml");
    expect(diagnostics).toEqual([]);
    expect(objects.map(({ name }) => name)).toEqual(names);
  });

  test("an error in one leaves the others", () => {
    const text = `${policy("a")}---\na: [\n---\n${policy("b", "spec: {x: 1}")}---\n${policy("c")}`;
    expect(namesIn(text)).toEqual(["a", "c"]);
    expect(findings(text)).toEqual(["7:1 syntax ", "11:8 unknown-field spec.x"]);
  });

  test("text behind a separator is refused", () => {
    expect(findings(`${policy("a")}--- b: c\n${policy("d")}`)).toEqual(["5:1 syntax "]);
    expect(namesIn(`${policy("a")}--- b: c\n${policy("d")}`)).toEqual(["a", "d"]);
  });

  test.each<[string, string]>([
    ["just text", "1:1 not-an-object "],
    ["- a\n- b", "1:1 not-an-object "],
    ["[1]", "1:1 not-an-object "],
    ["\n\na: 1", "3:1 not-an-object kind"],
    ["apiVersion: v1", "1:1 not-an-object kind"],
    ["kind: Pod", "1:1 not-an-object apiVersion"],
    ["apiVersion: v1\nkind: y", "2:7 not-an-object kind"],
  ])("%j is no object", (text, finding) => {
    expect(findings(text)).toEqual([finding]);
  });
});

describe("lists", () => {
  test("of any kind, nested, with places", () => {
    const text = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: List
  items:
  - apiVersion: v1
    kind: Namespace
    metadata: {name: a}
- apiVersion: v1
  kind: Namespace
  metadata: {name: B}
- apiVersion: v1
  kind: ConfigMap
`;
    const { objects, others, skipped } = readManifest(text, "a.yaml");
    expect(objects).toMatchObject([
      { kind: "Namespace", name: "a", range: { start: { line: 7, column: 5 } } },
    ]);
    expect(findings(text)).toEqual(["12:20 invalid metadata.name"]);
    expect(skipped).toEqual({ "v1 ConfigMap": 1 });
    expect(others).toMatchObject([{ apiVersion: "v1", kind: "ConfigMap" }]);
  });

  test("of one kind, whose items need no kind", () => {
    const items = [
      { metadata: { name: "a" } },
      { apiVersion: "networking.k8s.io/v1", metadata: { name: "b" } },
    ];
    const list = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicyList", metadata: {}, items };
    const { objects, diagnostics } = readManifest(JSON.stringify(list), "a.json");
    expect(diagnostics).toEqual([]);
    expect(objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "NetworkPolicy a",
      "NetworkPolicy b",
    ]);
  });

  test("fields written twice belong to their item", () => {
    const text = `apiVersion: v1\nkind: List\nkind: List\nitems:\n- ${policy("a", "spec: {}\nspec: {}").replaceAll("\n", "\n  ")}`;
    expect(readManifest(text, "a.yaml").diagnostics.map(({ message }) => message)).toEqual([
      'duplicate field "kind"',
      'duplicate field "spec"',
    ]);
  });

  test.each(["items: []", "items: null", ""])("an empty list: %j", (items) => {
    const manifest = readManifest(`apiVersion: v1\nkind: List\n${items}`, "a.yaml");
    const lists = {
      objects: [],
      kinds: [],
      values: [],
      diagnostics: [],
      others: [],
      passedOver: [],
      refused: [],
    };
    expect(manifest).toEqual({ ...lists, skipped: {}, replaced: 0 });
  });
});

describe("YAML 1.1", () => {
  const labelled = (value: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app: ${value}\nspec: {containers: [{name: c}]}`;

  test.each<[string, string]>([
    [
      "y",
      'cannot unmarshal bool into field of type string: YAML 1.1 reads y as a boolean; write "y" to mean the text',
    ],
    [
      "off",
      'cannot unmarshal bool into field of type string: YAML 1.1 reads off as a boolean; write "off" to mean the text',
    ],
    [
      "1e3",
      'cannot unmarshal number 1000 into field of type string: YAML 1.1 reads 1e3 as a number; write "1e3" to mean the text',
    ],
    [
      "0777",
      'cannot unmarshal number 511 into field of type string: YAML 1.1 reads 0777 as a number; write "0777" to mean the text',
    ],
    [
      "1_000",
      'cannot unmarshal number 1000 into field of type string: YAML 1.1 reads 1_000 as a number; write "1_000" to mean the text',
    ],
    ["[a]", "cannot unmarshal array into field of type string"],
  ])("the label value %s is refused with advice", (value, message) => {
    const { objects, diagnostics } = readManifest(labelled(value), "a.yaml");
    expect(objects).toEqual([]);
    expect(diagnostics).toMatchObject([
      {
        code: "wrong-type",
        message,
        path: "metadata.labels.app",
        object: "Pod default/a",
        range: { start: { line: 6, column: 10 } },
      },
    ]);
  });

  test.each<[string, string]>([
    ['"y"', "y"],
    ["'1e3'", "1e3"],
    ["!!str 0777", "0777"],
    ["1.2.3", "1.2.3"],
    ["2001-01-01", "2001-01-01"],
    ["~", ""],
  ])("the label value %s is the text %j", (value, text) => {
    const { objects, diagnostics } = readManifest(labelled(value), "a.yaml");
    expect(diagnostics).toEqual([]);
    expect(objects[0]).toMatchObject({ labels: { app: text } });
  });

  test("a name like y or 1e3 is refused with advice", () => {
    for (const name of ["y", "1e3"]) {
      const [first] = readManifest(policy(name), "a.yaml").diagnostics;
      expect(first).toMatchObject({ code: "wrong-type", path: "metadata.name" });
      expect(first?.message).toContain(`write "${name}"`);
    }
  });

  test("JSON has no such trap, and no such advice", () => {
    const text = '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":true}}';
    expect(readManifest(text, "a.json").diagnostics).toMatchObject([
      {
        message: "cannot unmarshal bool into field of type string",
        range: { start: { line: 1, column: 58 } },
      },
    ]);
  });

  test("a port of 1e3 or 0x50 is a number", () => {
    const text = policy("a", "spec: {ingress: [{ports: [{port: 1e3}, {port: 0x50}, {port: 8_0}]}]}");
    expect(readManifest(text, "a.yaml").objects).toMatchObject([
      { ingress: [{ ports: [{ port: 1000 }, { port: 80 }, { port: 80 }] }] },
    ]);
  });
});

describe("places", () => {
  test("are those of the fault, in the whole file", () => {
    const text = `# a comment
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  labels:
    -bad: x
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock:
        cidr: 10.0.0.0/8
        except:
        - 11.0.0.0/16
    - {}
    ports:
    - port: 80
      endPort: 79
      protocl: TCP
  podSelector: {}
`;
    expect(findings(text)).toEqual([
      "8:5 invalid metadata.labels",
      "16:11 invalid spec.ingress[0].from[0].ipBlock.except[0]",
      "17:7 required spec.ingress[0].from[1]",
      "20:16 invalid spec.ingress[0].ports[0].endPort",
      "21:7 unknown-field spec.ingress[0].ports[0].protocl",
      "22:3 duplicate-field spec.podSelector",
    ]);
    const [label] = readManifest(text, "web.yaml").diagnostics;
    expect(label?.object).toBe("NetworkPolicy default/web");
    expect(label?.range).toEqual({
      file: "web.yaml",
      start: { line: 8, column: 5, offset: text.indexOf("-bad") },
      end: { line: 8, column: 9, offset: text.indexOf("-bad") + 4 },
    });
  });

  test("of rules, peers and ports are kept", () => {
    const text = policy(
      "a",
      "spec:\n  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80",
    );
    const [object] = readManifest(text, "a.yaml").objects;
    expect(object).toMatchObject({
      range: { start: { line: 1, column: 1 } },
      ingress: [
        {
          range: { start: { line: 6, column: 5 } },
          peers: [{ range: { start: { line: 7, column: 7 } } }],
          ports: [{ range: { start: { line: 9, column: 7 } } }],
        },
      ],
    });
  });

  test("are the same in JSON", () => {
    const bad = { cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] };
    const value = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "a" },
      spec: { ingress: [{ from: [{ ipBlock: bad }] }], x: 1 },
    };
    const text = JSON.stringify(value, null, 2);
    const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;
    expect(findings(text)).toEqual([
      `${lineOf('"10.0.0.0/8"\n')}:17 invalid spec.ingress[0].from[0].ipBlock.except[0]`,
      `${lineOf('"x"')}:5 unknown-field spec.x`,
    ]);
  });

  test("every diagnostic has one", () => {
    const text = `${policy("A", "spec: {x: 1}")}---\n[\n---\nkind: Pod\n---\napiVersion: v1\nkind: Pod`;
    for (const { range } of readManifest(text, "a.yaml").diagnostics) {
      expect(range?.file).toBe("a.yaml");
      expect(range!.end.offset).toBeGreaterThanOrEqual(range!.start.offset);
    }
  });
});

describe("kinds", () => {
  test("that say nothing of policies are counted", () => {
    const text = [
      "v1/ConfigMap",
      "example.com/v1/Pod",
      "v1/ConfigMap",
      "crd.projectcalico.org/v1/NetworkPolicy",
    ]
      .map(
        (id) => `apiVersion: ${id.slice(0, id.lastIndexOf("/"))}\nkind: ${id.slice(id.lastIndexOf("/") + 1)}`,
      )
      .join("\n---\n");
    expect(readManifest(text, "a.yaml")).toMatchObject({
      objects: [],
      values: [],
      diagnostics: [],
      others: [{ kind: "ConfigMap" }, { kind: "Pod" }, { kind: "ConfigMap" }, { kind: "NetworkPolicy" }],
      skipped: { "crd.projectcalico.org/v1 NetworkPolicy": 1, "example.com/v1 Pod": 1, "v1 ConfigMap": 2 },
    });
  });

  test.each([
    ["extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"],
    ["extensions/v1beta1", "Deployment", "apps/v1"],
    ["apps/v1beta2", "StatefulSet", "apps/v1"],
    ["batch/v1beta1", "CronJob", "batch/v1"],
    ["v1", "NetworkPolicy", "networking.k8s.io/v1"],
    ["apps/v1", "Pod", "v1"],
  ])("%s %s is told the version that is served", (apiVersion, kind, served) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}`;
    expect(readManifest(text, "a.yaml").diagnostics).toMatchObject([
      {
        code: "unsupported-version",
        message: `no matches for kind "${kind}" in version "${apiVersion}": use ${served}`,
        object: `${kind} default/a`,
        range: { start: { line: 1, column: 13 } },
      },
    ]);
  });
});

describe("the same object twice", () => {
  test("in one file and in two: the last one counts", () => {
    const files = [
      {
        file: "a.yaml",
        text: `${policy("p")}---\n${policy("q")}---\n${policy("p", "spec: {egress: [{}]}")}`,
      },
      { file: "b.yaml", text: policy("q", "spec: {egress: [{}]}") },
    ];
    const { objects, values, diagnostics } = readManifests(files);
    expect(values).toMatchObject([{ metadata: { name: "p" } }, { metadata: { name: "q" } }]);
    expect(objects).toMatchObject([
      { name: "p", policyTypes: ["Ingress", "Egress"] },
      { name: "q", policyTypes: ["Ingress", "Egress"] },
    ]);
    expect(diagnostics).toMatchObject([
      {
        code: "duplicate-object",
        severity: "warning",
        object: "NetworkPolicy default/p",
        range: { file: "a.yaml", start: { line: 11 } },
        related: [{ range: { file: "a.yaml", start: { line: 1 } } }],
      },
      {
        range: { file: "b.yaml", start: { line: 1 } },
        related: [{ range: { file: "a.yaml", start: { line: 6 } } }],
      },
    ]);
  });

  test("is not a Deployment and a Pod of one name, nor the same name in two namespaces", () => {
    const template = "spec: {template: {spec: {containers: [{name: c}]}}}";
    const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
${template}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: other}
spec: {containers: [{name: c}]}
`;
    const { objects, diagnostics } = readManifest(text, "a.yaml");
    expect(diagnostics).toEqual([]);
    expect(objects).toHaveLength(3);
  });

  test("is not what generateName makes, and that is the same every time", () => {
    const generated = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {generateName: p-}`;
    const names = namesIn(`${generated}\n---\n${generated}`);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^p-[0-9a-z]{5}$/);
    expect(namesIn(`${generated}\n---\n${generated}`)).toEqual(names);
  });
});
