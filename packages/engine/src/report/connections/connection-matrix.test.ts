import { expect, test } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { PortSet } from "../../net/port-set.ts";
import { type ConnectionListOptions, connectionList } from "../../reach/connection-list.ts";
import { connectionMatrixCsv } from "./connection-matrix-csv.ts";
import { connectionMatrixText } from "./connection-matrix-text.ts";

const pod = (namespace: string, name: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}\n---\n`;
const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}}\n`;

function listOf(options: ConnectionListOptions = {}) {
  const cluster = new Cluster();
  const { objects, diagnostics } = readManifest(
    pod("shop", "db") + pod("shop", "web") + pod("tools", "job") + policy,
    "a.yaml",
  );
  expect(diagnostics).toEqual([]);
  for (const object of objects) cluster.upsert(object);
  return connectionList(cluster, options);
}

const text = (...given: Parameters<typeof connectionMatrixText>) =>
  [...connectionMatrixText(...given)].join("");

test("signs say how much of what was asked is allowed", () => {
  expect(text(listOf())).toBe(`from \\ to  shop/db  shop/web  tools/job  outside
shop/db       ·        ✓          ✓         ✓
shop/web      a        ·          ✓         ✓
tools/job     ✗        ✓          ·         ✓
outside       ✗        ✓          ✓         ·
✓ all ports   ✗ none   · not asked
a TCP 5432
`);
  const within = PortSet.of([{ protocol: "TCP", from: 5432, to: 5432 }]);
  expect(text(listOf({ within }), { within })).toContain("shop/web      ✓ ");
});

test("a matrix that is too wide is cut, and no line is wider than the terminal", () => {
  const cut = text(listOf(), { width: 25 });
  expect(cut).toBe(`from \\ to    1  2  3  4
1 shop/db    ·  ✓  ✓  ✓
2 shop/web   a  ·  ✓  ✓
3 tools/job  ✗  ✓  ·  ✓
4 outside    ✗  ✓  ✓  ·
✓ all ports   ✗ none   · not asked
a TCP 5432
`);
  const narrow = text(listOf(), { width: 20 });
  const lines = narrow.split("\n").filter((line) => /^(from|\d)/.test(line));
  expect(lines).toHaveLength(10);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(20);
});

test("what is not in focus is not asked, and what is in focus has its row", () => {
  expect(text(listOf({ focus: ({ name }) => name === "db", direction: "Ingress" }))).toBe(`from \\ to  shop/db
shop/web      a
✓ all ports   ✗ none   · not asked
a TCP 5432
`);
});

test("by namespace it says how many pairs have a connection", () => {
  expect(text(listOf(), { byNamespace: true })).toBe(`from \\ to  shop  tools  outside
shop       100    100     100
tools       50     ·      100
outside     50    100      ·
of a hundred pairs of workloads, how many have a connection; · no pair
`);
});

test("as CSV it has the ports in its cells", () => {
  expect([...connectionMatrixCsv(listOf())].join("")).toBe(`source,shop/db,shop/web,tools/job,outside
shop/db,,all ports,all ports,all ports
shop/web,TCP 5432,,all ports,all ports
tools/job,,all ports,,all ports
outside,,all ports,all ports,
`);
});

test("without pods there is no matrix", () => {
  expect(text(connectionList(new Cluster()))).toBe("");
});
