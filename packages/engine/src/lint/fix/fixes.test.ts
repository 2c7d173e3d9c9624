import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { lint } from "../lint.ts";
import { applyFixes } from "./apply-edits.ts";
import { removeItem } from "./remove-item.ts";

function read(text: string) {
  const manifest = readManifest(text, "a.yaml");
  const cluster = clusterOf(...manifest.objects);
  const findings = lint(cluster, { manifests: { ...manifest, texts: new Map([["a.yaml", text]]) } });
  return { manifest, cluster, findings };
}

/** What every pod may reach of every other. */
function meaning(cluster: Cluster): string[] {
  const pods = cluster.pods();
  return pods.flatMap((source) =>
    pods.map((destination) => cluster.allowedPorts({ pod: source }, { pod: destination }).key),
  );
}

const folder = new URL("../../../../../docs/lint/", import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => ({
    code: name.slice(0, -".md".length),
    text: /^```yaml\n(.*?)^```$/ms.exec(readFileSync(new URL(name, folder), "utf8"))![1]!,
  }))
  .filter(({ text }) => read(text).findings.some(({ fix }) => fix));

test("several rules have a fix", () => {
  expect(examples.length).toBeGreaterThan(8);
});

describe.each(examples)("$code", ({ code, text }) => {
  test("is gone after its fix, the manifest still reads, and a safe fix changes nothing that is allowed", () => {
    const before = read(text);
    const fixable = before.findings.filter((finding) => finding.code === code && finding.fix);
    expect(fixable).not.toEqual([]);
    const fixed = applyFixes("a.yaml", text, fixable);
    expect(fixed.applied).toEqual(fixable);
    const after = read(fixed.text);
    expect(after.findings.filter((finding) => finding.code === code)).toEqual([]);
    expect(after.manifest.diagnostics).toEqual([]);
    expect(after.manifest.objects.length).toBeGreaterThanOrEqual(before.manifest.objects.length);
    const wasRefused = before.manifest.diagnostics.length > 0;
    if (fixable.every(({ fix }) => fix!.safe) && !wasRefused)
      expect(meaning(after.cluster)).toEqual(meaning(before.cluster));
  });
});

describe("an item is taken out", () => {
  const policy = (ingress: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector: {}\n  ingress:\n${ingress}`;

  test("with all of its lines and a comment at the end, and what is around it stays", () => {
    const text = policy(
      `    # first\n    - from:\n        - podSelector: {}\n    # second\n    - from:\n        - podSelector:\n            matchLabels: {a: b} # narrow\n\n    # third\n    - {}\n`,
    );
    const { manifest } = read(text);
    const [object] = manifest.objects;
    const rules = object?.kind === "NetworkPolicy" ? object.ingress : [];
    const edit = removeItem(text, rules[1]!.range!)!;
    expect(text.slice(0, edit.start) + text.slice(edit.end)).toBe(
      policy(`    # first\n    - from:\n        - podSelector: {}\n    # second\n\n    # third\n    - {}\n`),
    );
  });

  test("only where it stands on lines of its own", () => {
    const text = policy("    [{}, {}]\n");
    const [object] = read(text).manifest.objects;
    const rules = object?.kind === "NetworkPolicy" ? object.ingress : [];
    expect(rules).toHaveLength(2);
    expect(removeItem(text, rules[1]!.range!)).toBeUndefined();
  });

  test("with CRLF line ends too", () => {
    const text = policy(
      "    - from:\n        - podSelector: {}\n    - from:\n        - podSelector: {}\n",
    ).replaceAll("\n", "\r\n");
    const { findings } = read(text);
    const fixed = applyFixes("a.yaml", text, findings);
    expect(fixed.text).toBe(policy("    - from:\n        - podSelector: {}\n").replaceAll("\n", "\r\n"));
  });
});

describe("in block style", () => {
  const policy = (spec: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\nspec:\n${spec}`;
  const fixed = (code: string, text: string) =>
    applyFixes(
      "a.yaml",
      text,
      read(text).findings.filter((finding) => finding.code === code),
    ).text;

  test("a direction is added to policyTypes", () => {
    const text = policy("  podSelector: {}\n  policyTypes:\n    - Ingress\n  # out\n  egress:\n    - {}\n");
    expect(fixed("ignored-rules", text)).toBe(text.replace("- Ingress", "[Ingress, Egress]"));
  });

  test("policyTypes comes before egress", () => {
    const text = policy("  podSelector: {}\n  egress:\n    - to:\n        - podSelector: {}\n");
    expect(fixed("implicit-ingress-denial", text)).toBe(
      text.replace("  egress:", "  policyTypes: [Egress]\n  egress:"),
    );
  });

  test("a file with anchors is left to people, and is told all the same", () => {
    const text = policy(
      "  podSelector: &all {}\n  ingress:\n    - from:\n        - podSelector: *all\n        - podSelector: {}\n",
    );
    expect(read(text).findings.map(({ code, fix }) => [code, fix])).toEqual([["redundant-peer", undefined]]);
  });
});

test("fixes that overlap wait for the next time", () => {
  const finding = (start: number, end: number, text: string) => ({
    code: "x",
    severity: "warning" as const,
    message: "",
    path: "",
    fix: { title: "", safe: true, edits: [{ file: "a", start, end, text }] },
  });
  const fixes = [finding(0, 2, "X"), finding(1, 3, "Y"), finding(3, 3, "Z"), finding(3, 3, "V")];
  const fixed = applyFixes("a", "abcd", fixes);
  expect(fixed).toEqual({ text: "XcZd", applied: [fixes[0], fixes[2]] });
  expect(applyFixes("b", "abcd", fixes)).toEqual({ text: "abcd", applied: [] });
});
