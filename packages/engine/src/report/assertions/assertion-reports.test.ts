import { describe, expect, test } from "vitest";
import { AssertionJudge } from "../../assert/judge.ts";
import { readAssertions } from "../../assert/read-assertions.ts";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import type { Style } from "../text/style.ts";
import { assertionGithub } from "./assertion-github.ts";
import { assertionJson } from "./assertion-json.ts";
import { assertionJunit } from "./assertion-junit.ts";
import type { AssertionReport } from "./assertion-report.ts";
import { assertionSarif } from "./assertion-sarif.ts";
import { assertionTap } from "./assertion-tap.ts";
import { assertionText } from "./assertion-text.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: db}}
spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: api}}}]
`;

const nasty = '<b> & "two"\\n50%, a: #1 ]]> | ::error::';
const assertions = `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {name: fine, from: web, to: db, port: 80, expect: deny}
  - {name: ${JSON.stringify(nasty).replaceAll("\\\\n", "\\n")}, from: web, to: db, port: 5432, expect: allow, why: "a <reason>: 100%"}
  - {from: ghost, to: db, port: 5432, expect: deny}
  - {name: seen otherwise, from: db, to: web, port: 80, expect: allow}
  - {name: left, from: web, to: db, port: 80, expect: deny}
`;
const name = nasty.replace("\\n", "\n");

const report = makeReport();
const expected = [
  { name: "fine", status: "pass", line: 4 },
  { name, status: "fail", line: 5 },
  { name: "ghost → db 5432", status: "error", line: 6 },
  { name: "seen otherwise", status: "fail", line: 7 },
  { name: "left", status: "notRun", line: 8 },
];
const failures = expected.filter(({ status }) => status === "fail" || status === "error");

function makeReport(): AssertionReport {
  const cluster = clusterOf(...readManifest(manifest, "m.yaml").objects);
  const { assertions: all, diagnostics } = readAssertions([{ file: "dir/a, b.yaml", text: assertions }]);
  expect(diagnostics).toEqual([]);
  const judge = new AssertionJudge(cluster);
  const outcomes = all.slice(0, 4).map((assertion) => judge.judge(assertion));
  const observed = { status: "fail" as const, packets: 1, details: ["default/db → default/web: silence"] };
  return {
    outcomes: outcomes.map((outcome, index) => (index === 3 ? { ...outcome, observed } : outcome)),
    notRun: all.slice(4),
    texts: new Map([
      ["m.yaml", manifest],
      ["dir/a, b.yaml", assertions],
    ]),
  };
}

const unescapeXml = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

interface Location {
  readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  readonly physicalLocation: { readonly region: { readonly startLine: number } };
}

describe("every format says the same of the same assertions", () => {
  test("text", () => {
    const lines = assertionText(report).split("\n");
    const rows = lines.slice(1, 6).map((line) => line.split(/ {3,}/));
    expect(rows.map(([result]) => result!.trim())).toEqual(["PASS", "FAIL", "ERROR", "FAIL", "-"]);
    expect(rows.map(([, expect]) => expect)).toEqual(["deny", "allow", "deny", "allow", "deny"]);
    expect(rows.map(([, , what]) => what)).toEqual([
      "fine",
      name.replace("\n", " "),
      "ghost → db 5432",
      "seen otherwise (1 packet)",
      "left",
    ]);
    expect(lines.at(-2)).toBe("5 assertions: 1 passed, 2 failed, 1 error, 1 not run");
    const text = lines.join("\n");
    expect(text).toContain("why: a <reason>: 100%");
    expect(text).toContain("default/web → default/db on TCP 5432: denied");
    expect(text).toContain("ingress[0] of default/db, m.yaml:18\n  18 |     - from:");
    expect(text).toContain("default/db → default/web: silence");
  });

  test("text in a style marks words only, and no line break", () => {
    const style: Style = { bold: mark, dim: mark, allow: mark, deny: mark };
    function mark(text: string) {
      expect(text).not.toContain("\n");
      return `⟦${text}⟧`;
    }
    expect(assertionText(report, style).replace(/[⟦⟧]/g, "")).toBe(assertionText(report));
  });

  test("json", () => {
    const data = JSON.parse(JSON.stringify(assertionJson(report)));
    expect(data.assertions.map(({ name, status, line }: never) => ({ name, status, line }))).toEqual(
      expected,
    );
    expect(data).toMatchObject({ passed: 1, failed: 2, errors: 1, notRun: 1 });
    expect(data.assertions[1]).toMatchObject({
      from: ["web"],
      to: ["db"],
      ports: ["5432"],
      why: "a <reason>: 100%",
      counterExample: {
        ports: "TCP 5432",
        allowed: false,
        decidedBy: [{ policy: "default/db", rule: "ingress[0]", line: 18 }],
      },
    });
    expect(data.assertions[3]).toMatchObject({ predicted: "pass", observed: { status: "fail" } });
  });

  test("junit", () => {
    const xml = assertionJunit(report);
    const cases = [
      ...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" file="[^"]*" line="(\d+)"(\/>|><(\w+))/g),
    ];
    const words: Record<string, string> = { failure: "fail", error: "error", skipped: "notRun" };
    expect(
      cases.map(([, , title, line, , element]) => ({
        name: unescapeXml(title!),
        status: words[element ?? ""] ?? "pass",
        line: Number(line),
      })),
    ).toEqual(expected);
    expect(xml).toContain('tests="5" failures="2" errors="1" skipped="1"');
    // Nothing but our own elements: what a name holds is text.
    expect([...xml.matchAll(/<\/?([\w-]+)/g)].map(([, tag]) => tag).filter((tag) => tag === "b")).toEqual([]);
  });

  test("tap", () => {
    const lines = assertionTap(report).split("\n");
    expect(lines.slice(0, 2)).toEqual(["TAP version 14", "1..5"]);
    const points = lines.flatMap(
      (line) => /^(not ok|ok) (\d+) - (.*?)( # SKIP .*)?$/.exec(line)?.slice(1) ?? [],
    );
    expect(points.filter((_, index) => index % 4 === 0)).toEqual(["ok", "not ok", "not ok", "not ok", "ok"]);
    expect(points.filter((_, index) => index % 4 === 1)).toEqual(["1", "2", "3", "4", "5"]);
    expect(
      points.filter((_, index) => index % 4 === 2).map((text) => text!.replaceAll(/\\(.)/g, "$1")),
    ).toEqual(expected.map((one) => one.name.replace("\n", " ")));
    expect(points[19]).toBe(" # SKIP not run");
    const blocks = lines
      .join("\n")
      .split("  ---\n")
      .slice(1)
      .map((block) => block.split("  ...")[0]!);
    expect(blocks.map((block) => JSON.parse(/at: (.*)/.exec(block)![1]!))).toEqual(
      failures.map(({ line }) => `dir/a, b.yaml:${line}:5`),
    );
  });

  test("github", () => {
    const lines = assertionGithub(report).trimEnd().split("\n");
    const decode = (text: string) =>
      text.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%0A", "\n").replaceAll("%25", "%");
    const errors = lines.slice(0, -1).map((line) => /^::error (.*?)::(.*)$/.exec(line)!);
    const read = errors.map(([, properties]) =>
      Object.fromEntries(
        properties!.split(",").map((one) => [one.split("=")[0], decode(one.slice(one.indexOf("=") + 1))]),
      ),
    );
    expect(read.map(({ title, line, file }) => ({ title, line: Number(line), file }))).toEqual(
      failures.map((one) => ({ title: one.name, line: one.line, file: "dir/a, b.yaml" })),
    );
    expect(lines.at(-1)).toBe(
      "::notice title=portcullis test::5 assertions: 1 passed, 2 failed, 1 error, 1 not run",
    );
  });

  test("sarif", () => {
    const [run] = JSON.parse(assertionSarif(report, "1.2.3")).runs;
    expect(
      run.results.map((result: never) => {
        const { ruleId, locations } = result as { ruleId: string; locations: readonly Location[] };
        return {
          name: locations[0]!.logicalLocations[0]!.fullyQualifiedName,
          status: ruleId === "assertion-failed" ? "fail" : "error",
          line: locations[0]!.physicalLocation.region.startLine,
        };
      }),
    ).toEqual(failures);
    expect(run.results[0].relatedLocations[0].message.text).toBe("ingress[0] of default/db");
  });
});
