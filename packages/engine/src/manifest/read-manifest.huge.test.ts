import { expect, test } from "vitest";
import { readManifest } from "./read-manifest.ts";

// Far above what these take on a slow machine (some seconds), far below what quadratic time would take (hours).
const bound = 120_000;
const tenMegabytes = 10 * 1024 * 1024;

const policy = (index: number) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy-${index}
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - podSelector:
        matchLabels: {app: client}
    - ipBlock: {cidr: 10.0.0.0/8}
    ports:
    - port: 80
`;

test("ten megabytes of policies", { timeout: bound }, () => {
  const count = Math.ceil(tenMegabytes / policy(10_000).length);
  const text = Array.from({ length: count }, (_, index) => policy(index)).join("---\n");
  expect(text.length).toBeGreaterThan(tenMegabytes);
  const { objects, diagnostics } = readManifest(text, "a.yaml");
  expect(diagnostics).toEqual([]);
  expect(objects).toHaveLength(count);
  const last = objects.at(-1);
  expect(last).toMatchObject({
    name: `policy-${count - 1}`,
    range: { start: { line: 17 * (count - 1) - count + 2 } },
  });
});

test("ten megabytes of JSON", { timeout: bound }, () => {
  const item = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "a", labels: { team: "b".repeat(20) } },
  };
  const count = Math.ceil(tenMegabytes / JSON.stringify(item).length);
  const items = Array.from({ length: count }, (_, index) => ({ ...item, metadata: { name: `n-${index}` } }));
  const { objects, diagnostics } = readManifest(
    JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    "a.json",
  );
  expect(diagnostics).toEqual([]);
  expect(objects).toHaveLength(count);
});

// A hundredth of the hours would still show at a tenth of the size.
const megabyte = tenMegabytes / 10;

test.each<[string, string]>([
  ["one word", "x".repeat(megabyte)],
  ["quotes", '"'.repeat(megabyte)],
  ["line feeds", "\n".repeat(megabyte)],
  ["separators", "---\n".repeat(megabyte / 4)],
  ["opening brackets", `a: ${"[".repeat(megabyte)}`],
  ["opening braces", "{".repeat(megabyte)],
  ["dashes", "- ".repeat(megabyte / 2)],
  ["errors", `[${"@,".repeat(megabyte / 2)}`],
  ["lexemes, ten megabytes of them", `[${"a,".repeat(tenMegabytes / 2)}]`],
])("a megabyte of %s", { timeout: bound }, (_name, text) => {
  const { objects, diagnostics } = readManifest(text, "a.yaml");
  expect(objects).toEqual([]);
  expect(diagnostics.length).toBeLessThanOrEqual(1);
});

test("a mapping of fifty thousand keys, each wrong", { timeout: bound }, () => {
  const labels = Array.from({ length: 50_000 }, (_, index) => `    k${index}: "-"`).join("\n");
  const text = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n${labels}`;
  const { diagnostics } = readManifest(text, "a.yaml");
  expect(diagnostics).toHaveLength(1001);
  expect(diagnostics.at(-1)).toMatchObject({ code: "limit", message: "49000 more problems in this file" });
});

test("a file beyond the limit is not read", () => {
  const { diagnostics } = readManifest(" ".repeat(32 * 1024 * 1024 + 1), "a.yaml");
  expect(diagnostics).toMatchObject([
    { code: "limit", range: { file: "a.yaml", start: { line: 1, column: 1 } } },
  ]);
});
