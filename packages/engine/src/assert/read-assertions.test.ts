import { describe, expect, test } from "vitest";
import { readAssertions } from "./read-assertions.ts";

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
      from: { kind: "named", namespace: "default", type: "", name: "web", text: "web" },
      to: { kind: "named", namespace: "shop", type: "", name: "api" },
      port: 80,
      protocol: "TCP",
      expect: "allow",
      range: { file: "a.yaml", start: { line: 5, column: 5 } },
    },
    {
      name: "shop/deploy/api → svc/db 53/udp",
      from: {
        namespace: "shop",
        type: "Deployment",
        name: "api",
        range: { start: { line: 10, column: 11 } },
      },
      to: { namespace: "default", type: "Service", name: "db" },
      port: 53,
      protocol: "UDP",
      expect: "deny",
    },
    {
      from: {
        kind: "selected",
        namespace: "shop",
        selector: {
          matchLabels: {},
          matchExpressions: [
            { key: "app", operator: "In", values: ["web"] },
            { key: "tier", operator: "In", values: ["a", "b"] },
            { key: "old", operator: "DoesNotExist", values: [] },
          ],
        },
      },
      to: { kind: "selected", namespace: "default", selector: { matchLabels: {}, matchExpressions: [] } },
      port: "http",
      protocol: "SCTP",
    },
  ]);
});

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
      "a wrong type",
      item("from: [a], to: b, port: 1, expect: deny"),
      "4:12: assertions[0].from: cannot unmarshal array into field of type string",
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
  expect(assertions.map(({ port, range }) => `${range.file}:${range.start.line} ${port}`)).toEqual([
    "a.yaml:4 1",
    "a.yaml:10 2",
    "b.yaml:4 1",
  ]);
  expect(diagnostics.map(({ range }) => `${range?.file}:${range?.start.line}`)).toEqual(["a.yaml:9"]);
});
