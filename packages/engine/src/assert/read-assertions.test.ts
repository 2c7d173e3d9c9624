import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printedSeed } from "../seed.testing.ts";
import { assertionPortText } from "./parse-port.ts";
import { readAssertions, readAssertionsAmong } from "./read-assertions.ts";

const head = "apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n";

const read = (text: string) => readAssertions([{ file: "a.yaml", text }]);

/** `line:column: path: message` of each problem. */
const problems = (text: string) =>
  read(text).diagnostics.map(
    ({ range, path, message }) => `${range?.start.line}:${range?.start.column}: ${path}: ${message}`,
  );

test("every form of a side and a port", () => {
  const { assertions, diagnostics } = read(`${head}
  - name: first
    from: web
    to: shop/api
    port: 80
    expect: allow
  - from: shop/deploy/api
    to: svc/db
    port: 53/udp
    expect: deny
  - from: shop/[app=web,tier in (a, b),!old]
    to: "[]"
    port: http/SCTP
    expect: deny
`);
  expect(diagnostics).toEqual([]);
  expect(assertions).toMatchObject([
    {
      name: "first",
      from: [{ kind: "named", namespace: "default", type: "", name: "web", text: "web" }],
      to: [{ kind: "named", namespace: "shop", type: "", name: "api" }],
      ports: [{ kind: "range", protocol: "TCP", from: 80, to: 80 }],
      match: "each",
      mayBeEmpty: false,
      expect: "allow",
      range: { file: "a.yaml", start: { line: 5, column: 5 } },
    },
    {
      name: "shop/deploy/api → svc/db 53/udp",
      from: [
        { namespace: "shop", type: "Deployment", name: "api", range: { start: { line: 10, column: 11 } } },
      ],
      to: [{ namespace: "default", type: "Service", name: "db" }],
      ports: [{ kind: "range", protocol: "UDP", from: 53, to: 53 }],
      expect: "deny",
    },
    {
      from: [
        {
          kind: "selected",
          scope: { namespace: "shop" },
          selector: {
            matchLabels: {},
            matchExpressions: [
              { key: "app", operator: "In", values: ["web"] },
              { key: "tier", operator: "In", values: ["a", "b"] },
              { key: "old", operator: "DoesNotExist", values: [] },
            ],
          },
        },
      ],
      to: [
        {
          kind: "selected",
          scope: { namespace: "default" },
          selector: { matchLabels: {}, matchExpressions: [] },
        },
      ],
      ports: [{ kind: "name", protocol: "SCTP", name: "http" }],
    },
  ]);
});

test.each(["form: c", "from: a", "why: {}"])(
  "an assertion with %s does not take the others along",
  (wrong) => {
    const good = "  - {from: a, to: c, port: 1, expect: deny}\n";
    const bad = `  - {from: a, to: b, port: 1, expect: deny, ${wrong}}\n`;
    const { assertions, diagnostics } = readAssertions([{ file: "a.yaml", text: head + bad + good }]);
    expect(diagnostics).toHaveLength(1);
    expect(assertions.map(({ to }) => to)).toMatchObject([[{ text: "c" }]]);
  },
);

describe("strict, with the place of each problem", () => {
  const item = (fields: string) => `${head}  - {${fields}}\n`;
  test.each([
    [
      "unknown field",
      item("from: a, to: b, port: 1, expect: deny, form: c"),
      '4:45: assertions[0].form: unknown field "assertions[0].form"',
    ],
    [
      "repeated field",
      item("from: a, from: c, to: b, port: 1, expect: deny"),
      '4:15: assertions[0].from: duplicate field "assertions[0].from"',
    ],
    ["missing side", item("to: b, port: 1, expect: deny"), "4:5: assertions[0].from: Required value"],
    ["missing port", item("from: a, to: b, expect: deny"), "4:5: assertions[0].port: Required value"],
    ["missing outcome", item("from: a, to: b, port: 1"), "4:5: assertions[0].expect: Required value"],
    [
      "another outcome",
      item("from: a, to: b, port: 1, expect: Allow"),
      '4:39: assertions[0].expect: Unsupported value: "Allow": supported values: "allow", "deny"',
    ],
    [
      "no port number",
      item("from: a, to: b, port: 0, expect: deny"),
      "4:28: assertions[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [
      "no protocol",
      item("from: a, to: b, port: 1/icmp, expect: deny"),
      '4:28: assertions[0].port: Invalid value: "1/icmp": write PORT or PORT/PROTOCOL; the protocol is tcp, udp or sctp',
    ],
    [
      "no kind",
      item("from: ns/cronut/a, to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "ns/cronut/a": "cronut" is no kind that has pods: use one of pod, service, deployment, replicaset, statefulset, daemonset, job, cronjob, replicationcontroller',
    ],
    [
      "no name",
      item("from: 'ns/A B', to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "ns/A B": name "A B": a lowercase RFC 1123 subdomain',
    ],
    [
      "no selector",
      item("from: 'ns/[a=b=c]', to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "ns/[a=b=c]": "a=b=c" is no requirement on a label',
    ],
    [
      "a bad label",
      item("from: 'ns/[-a=b]', to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "ns/[-a=b]": label "-a": name part must consist',
    ],
    [
      "too many parts",
      item("from: a/pod/b/c, to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "a/pod/b/c": "a/pod/b/c" has more than three parts',
    ],
    [
      "a Service that sends",
      item("from: svc/a, to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "svc/a": a Service sends nothing',
    ],
    [
      "a number for a side",
      item("from: 10, to: b, port: 1, expect: deny"),
      "4:12: assertions[0].from: cannot unmarshal number 10 into field of type string",
    ],
    [
      "no peer",
      item("from: [], to: b, port: 1, expect: deny"),
      "4:12: assertions[0].from: Required value: at least one",
    ],
    [
      "a star alone",
      item("from: '*', to: b, port: 1, expect: deny"),
      '4:12: assertions[0].from: Invalid value: "*": write "*/*" for every pod of the cluster',
    ],
    [
      "an unknown field of a peer",
      item("from: {pods: {matchLabel: {}}}, to: b, port: 1, expect: deny"),
      '4:20: assertions[0].from.pods.matchLabel: unknown field "assertions[0].from.pods.matchLabel"',
    ],
    [
      "a bad operator",
      item("from: {pods: {matchExpressions: [{key: a, operator: Is}]}}, to: b, port: 1, expect: deny"),
      '4:58: assertions[0].from.pods.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    ],
    [
      "two kinds of peer in one",
      item("from: {pods: {}, ipBlock: {cidr: 10.0.0.0/8}}, to: b, port: 1, expect: deny"),
      "4:12: assertions[0].from: Forbidden: write either pods or ipBlock",
    ],
    [
      "a namespace and a selector of namespaces",
      item("from: {pods: {namespace: a, namespaceSelector: {}}}, to: b, port: 1, expect: deny"),
      "4:31: assertions[0].from.pods.namespace: Forbidden: write either namespace or namespaceSelector",
    ],
    [
      "no prefix",
      item("from: {ipBlock: {cidr: 10.0.0.0/33}}, to: b, port: 1, expect: deny"),
      '4:29: assertions[0].from.ipBlock.cidr: Invalid value: "10.0.0.0/33": write ADDRESS/PREFIX',
    ],
    [
      "both port and ports",
      item("from: a, to: b, port: 1, ports: [2], expect: deny"),
      "4:38: assertions[0].ports: Forbidden: write either port or ports",
    ],
    [
      "a range that runs backwards",
      item("from: a, to: b, ports: [1, 9-8], expect: deny"),
      '4:33: assertions[0].ports[1]: Invalid value: "9-8": the range ends before it begins: write 8-9',
    ],
    [
      "a range beyond the last port",
      item("from: a, to: b, ports: 65000-65536, expect: deny"),
      '4:29: assertions[0].ports: Invalid value: "65000-65536": must be between 1 and 65535, inclusive',
    ],
    [
      "another quantifier",
      item("from: a, to: b, port: 1, expect: deny, match: some"),
      '4:52: assertions[0].match: Unsupported value: "some": supported values: "each", "any"',
    ],
    [
      "no truth value",
      item("from: a, to: b, port: 1, expect: deny, mayBeEmpty: sure"),
      "4:57: assertions[0].mayBeEmpty: cannot unmarshal string into field of type bool",
    ],
    [
      "a wrong type",
      item("from: [[a]], to: b, port: 1, expect: deny"),
      "4:13: assertions[0].from[0]: cannot unmarshal array into field of type string",
    ],
    ["nothing in it", `${head.trimEnd()} []\n`, "3:13: assertions: Required value: at least one assertion"],
    ["an empty file", "# nothing\n", "1:1: : there is no assertion in this file"],
    [
      "another kind",
      "apiVersion: portcullis.dev/v1alpha1\nkind: Assertion\n",
      '2:7: kind: Unsupported value: "Assertion": supported values: "Assertions"',
    ],
    [
      "another version",
      "apiVersion: portcullis.dev/v1\nkind: Assertions\n",
      '1:13: apiVersion: Unsupported value: "portcullis.dev/v1": supported values: "portcullis.dev/v1alpha1"',
    ],
    ["no YAML", `${head}  - {from: a\n`, "5:1: : "],
  ])("%s", (_, text, expected) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]!.slice(0, expected.length)).toBe(expected);
    expect(read(text).assertions).toEqual([]);
  });
});

test("an item with an error does not take the others along; documents and files add up", () => {
  const good = `${head}  - {from: a, to: b, port: 1, expect: deny}\n`;
  const mixed = `${head}  - {from: a, to: b, port: 1, expect: maybe}\n  - {from: a, to: b, port: 2, expect: deny}\n`;
  const { assertions, diagnostics } = readAssertions([
    { file: "a.yaml", text: `${good}---\n${mixed}` },
    { file: "b.yaml", text: good },
  ]);
  expect(
    assertions.map(({ ports, range }) => `${range.file}:${range.start.line} ${ports.map(assertionPortText)}`),
  ).toEqual(["a.yaml:4 1", "a.yaml:10 2", "b.yaml:4 1"]);
  expect(diagnostics.map(({ range }) => `${range?.file}:${range?.start.line}`)).toEqual(["a.yaml:9"]);
});

test("lists, mappings, addresses and sets of ports", () => {
  const { assertions, diagnostics } = read(`${head}
  - why: nobody else needs it
    from: [outside, 10.1.2.3, fd00::/64, "*/[app=web]", "[env=prod]/*"]
    to:
      - pods: {namespaceSelector: {matchLabels: {env: prod}}, matchLabels: {app: db}}
      - pods: {namespace: data}
      - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    ports: [80, 8000-8010, http, all/udp, icmp, 53/sctp]
    expect: deny
    match: any
    mayBeEmpty: true
  - {from: web, to: db, ports: all, expect: allow}
`);
  expect(diagnostics).toEqual([]);
  const [first, second] = assertions;
  expect(first).toMatchObject({ why: "nobody else needs it", match: "any", mayBeEmpty: true });
  expect(first!.name).toBe(
    "outside, 10.1.2.3, fd00::/64 and 2 more → [env=prod]/[app=db], data/*, 10.0.0.0/8 except 10.1.0.0/16 80, 8000-8010, http, all/udp, icmp, 53/sctp",
  );
  expect(first!.from.map(({ kind }) => kind)).toEqual([
    "outside",
    "address",
    "block",
    "selected",
    "selected",
  ]);
  expect(first!.from[3]).toMatchObject({ scope: { namespaces: { matchExpressions: [] } } });
  expect(first!.to[0]).toMatchObject({
    scope: { namespaces: { matchLabels: { env: "prod" } } },
    selector: { matchLabels: { app: "db" } },
    range: { start: { line: 8, column: 9 } },
  });
  expect(second!.ports).toEqual([{ kind: "all" }]);
});

test("among manifests the other kinds are passed over, and what is no YAML is told by who reads those", () => {
  const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n";
  const good = `${head}  - {from: a, to: b, port: 1, expect: deny}\n`;
  const { assertions, diagnostics } = readAssertionsAmong([
    { file: "pods.yaml", text: pod },
    { file: "mixed.yaml", text: `${pod}${good}---\na: [\n` },
    { file: "bad.yaml", text: `${head}  - {from: a, to: b, port: 0, expect: deny}\n` },
  ]);
  expect(assertions.map(({ range }) => `${range.file}:${range.start.line}`)).toEqual(["mixed.yaml:8"]);
  expect(diagnostics.map(({ range }) => `${range?.file}:${range?.start.line}`)).toEqual(["bad.yaml:4"]);
});

test("whatever stands in a field, reading does not throw, and either reads it or says what is wrong", () => {
  const seed = printedSeed("read-assertions");
  const keys = ["name", "why", "from", "to", "port", "ports", "expect", "match", "mayBeEmpty"] as const;
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      "*/*",
      "[a",
      "a/[b",
      "//",
      "svc/",
      "10.0.0.0/33",
      "::/0/1",
      "all/icmp",
      "1-",
      "__proto__",
    ),
    fc.record(
      { pods: fc.jsonValue({ maxDepth: 2 }), ipBlock: fc.jsonValue({ maxDepth: 2 }) },
      { requiredKeys: [] },
    ),
  );
  const good = { from: "a", to: "b", port: 80, expect: "deny" };
  fc.assert(
    fc.property(fc.constantFrom(...keys), strange, (key, value) => {
      const document = {
        apiVersion: "portcullis.dev/v1alpha1",
        kind: "Assertions",
        assertions: [{ ...good, [key]: value }],
      };
      const { assertions, diagnostics } = read(JSON.stringify(document));
      expect(assertions.length > 0).toBe(diagnostics.length === 0);
      for (const { range, code } of diagnostics)
        expect([range?.file, code]).toEqual(["a.yaml", expect.any(String)]);
    }),
    { seed, numRuns: 500 },
  );
});
