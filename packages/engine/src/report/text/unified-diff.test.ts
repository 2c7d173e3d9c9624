import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { printedSeed } from "../../seed.testing.ts";
import { unifiedDiff } from "./unified-diff.ts";

const root = mkdtempSync(path.join(tmpdir(), "portcullis-diff-"));
afterAll(() => rmSync(root, { recursive: true }));

test("git applies it, whatever changed", () => {
  const seed = printedSeed("unified diff");
  const text = fc
    .tuple(fc.array(fc.constantFrom("a", "b", "", "- c"), { maxLength: 25 }), fc.boolean())
    .map(([lines, ends]) => lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""))
    .filter((all) => all !== "");
  fc.assert(
    fc.property(text, text, (before, after) => {
      const patch = unifiedDiff("./x.yaml", before, after);
      if (before === after) {
        expect(patch).toBe("");
        return;
      }
      writeFileSync(path.join(root, "x.yaml"), before);
      execFileSync("git", ["apply", "-p1", "-"], {
        cwd: root,
        input: patch,
        stdio: ["pipe", "pipe", "pipe"],
      });
      expect(readFileSync(path.join(root, "x.yaml"), "utf8")).toBe(after);
    }),
    { seed, numRuns: 60 },
  );
});

test("changes that are far apart are hunks of their own", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
  const after = lines.map((line, index) => (index === 2 || index === 25 ? "changed\n" : line));
  const patch = unifiedDiff("a", lines.join(""), after.join(""));
  expect([...patch.matchAll(/^@@.*@@$/gm)].map(String)).toEqual(["@@ -1,6 +1,6 @@", "@@ -23,7 +23,7 @@"]);
});
