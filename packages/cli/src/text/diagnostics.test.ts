import pc from "picocolors";
import { expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { formatDiagnostics } from "./diagnostics.ts";

const colors = pc.createColors(false);

function check(text: string): string {
  const { diagnostics, texts } = loadManifests([{ path: "web.yaml", text }]);
  return formatDiagnostics(diagnostics, texts, colors);
}

const policy = (cidr: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock:
        cidr: ${cidr}
`;

test("names place, object, path and problem, and points at the source", () => {
  const lines = check(policy("10.0.0.256/8")).split("\n");
  expect(lines[0]).toMatch(
    /^web\.yaml:10:15: error: NetworkPolicy default\/web: spec\.ingress\[0\]\.from\[0\]\.ipBlock\.cidr: Invalid value: "10\.0\.0\.256\/8": /,
  );
  expect(lines.slice(1)).toEqual([
    "  10 |         cidr: 10.0.0.256/8",
    "     |               ^^^^^^^^^^^^",
    "",
  ]);
});

test("says nothing of good manifests", () => {
  expect(check(policy("10.0.0.0/8"))).toBe("");
});

test("a long line is cut around the place, and control characters do not reach the terminal", () => {
  const text = `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"web","annotations":{"x":"${"a".repeat(5000)}"}},"spec":{"podSelector":{},"bogus":1}}`;
  const [head, line, caret] = check(text).split("\n");
  expect(head).toContain("bogus");
  expect(line!.length).toBeLessThan(120);
  expect(line!.indexOf('"bogus"')).toBe(caret!.indexOf("^"));
  expect(check("kind: \u001b[31mX\n")).not.toContain("\u001b");
});

test("a tab counts as one column", () => {
  const [, line, caret] = check(
    '{\t"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "UPPER"}, "spec": {"podSelector": {}}}',
  ).split("\n");
  expect(line!.indexOf('"UPPER"')).toBe(caret!.indexOf("^"));
});
