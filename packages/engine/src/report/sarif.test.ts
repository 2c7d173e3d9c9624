import { describe, expect, test } from "vitest";
import type { SourceRange } from "../model/source.ts";
import { type SarifResult, sarif } from "./sarif.ts";

const at = (line: number, offset: number, file = "./net policies/a.yaml"): SourceRange => ({
  file,
  start: { line, column: 5, offset },
  end: { line, column: 9, offset: offset + 4 },
});

const rules = [
  { id: "a-rule", title: "something is odd", help: "Mend it.", severity: "warning" as const },
  { id: "b-rule", title: "something is wrong", help: "Mend it.", severity: "error" as const },
];

const results: readonly SarifResult[] = [
  {
    rule: "b-rule",
    severity: "error",
    message: "first",
    object: "NetworkPolicy d/p",
    path: "spec",
    range: at(3, 40),
  },
  {
    rule: "a-rule",
    severity: "info",
    message: "second",
    range: at(4, 60),
    related: [{ message: "there", range: at(9, 90, "b.yaml") }],
    fix: { title: "write x", edits: [{ file: "b.yaml", start: 90, end: 94, text: "x" }] },
  },
  { rule: "a-rule", severity: "warning", message: "no place" },
];

// biome-ignore lint/suspicious/noExplicitAny: read back as a consumer would, who knows nothing of our types
const read = (all: readonly SarifResult[]): any =>
  JSON.parse(sarif({ tool: "portcullis", version: "1.2.3", rules, results: all }));

test("the log has what SARIF 2.1.0 requires", () => {
  const log = read(results);
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  const [run] = log.runs;
  expect(run.columnKind).toBe("utf16CodeUnits");
  const { driver } = run.tool;
  expect(driver).toMatchObject({ name: "portcullis", version: "1.2.3" });
  for (const rule of driver.rules) {
    expect(rule.id).toMatch(/^[a-z-]+$/);
    for (const part of ["shortDescription", "fullDescription", "help"]) expect(rule[part].text).not.toBe("");
    expect(["none", "note", "warning", "error"]).toContain(rule.defaultConfiguration.level);
  }
  for (const result of run.results) {
    expect(driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.message.text).not.toBe("");
    expect(["none", "note", "warning", "error"]).toContain(result.level);
    expect(Object.keys(result.partialFingerprints)).toEqual(["portcullis/v1"]);
    for (const { physicalLocation } of [...(result.locations ?? []), ...(result.relatedLocations ?? [])]) {
      const { region, artifactLocation } = physicalLocation;
      // A URI reference without a scheme: relative to where the command was run.
      expect(new URL(artifactLocation.uri, "file:///root/").href).toMatch(/^file:\/\/\/root\//);
      expect(region.startLine).toBeGreaterThan(0);
      expect(region.startColumn).toBeGreaterThan(0);
      expect(region.endLine).toBeGreaterThanOrEqual(region.startLine);
    }
  }
});

test("results say what was found, where, and how to mend it", () => {
  const [first, second, third] = read(results).runs[0].results;
  expect(first).toMatchObject({
    ruleId: "b-rule",
    level: "error",
    message: { text: "NetworkPolicy d/p: first" },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "net%20policies/a.yaml" },
          region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9, charOffset: 40, charLength: 4 },
        },
        logicalLocations: [{ fullyQualifiedName: "NetworkPolicy d/p spec" }],
      },
    ],
  });
  expect(second.relatedLocations[0]).toMatchObject({ id: 1, message: { text: "there" } });
  expect(second.fixes).toEqual([
    {
      description: { text: "write x" },
      artifactChanges: [
        {
          artifactLocation: { uri: "b.yaml" },
          replacements: [
            { deletedRegion: { charOffset: 90, charLength: 4 }, insertedContent: { text: "x" } },
          ],
        },
      ],
    },
  ]);
  expect(third).not.toHaveProperty("locations");
});

describe("fingerprints", () => {
  const of = (all: readonly SarifResult[]): string[] =>
    read(all).runs[0].results.map(
      (result: { partialFingerprints: Record<string, string> }) =>
        result.partialFingerprints["portcullis/v1"],
    );
  const [first] = results as [SarifResult];

  test("stay when the lines above change, and with other words", () => {
    expect(of([{ ...first, range: at(30, 400), message: "in other words" }])).toEqual(of([first]));
  });

  test("differ by rule, file, object, path and occurrence", () => {
    const all = [
      first,
      { ...first, rule: "a-rule" },
      { ...first, range: at(3, 40, "b.yaml") },
      { ...first, object: "NetworkPolicy d/q" },
      { ...first, path: "spec.ingress[0]" },
      first,
    ];
    expect(new Set(of(all)).size).toBe(all.length);
  });
});
