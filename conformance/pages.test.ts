import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mismatch, readTranscripts, rewritten, type Step } from "./clients/transcript.ts";

// Every page that shows what `portcullis` prints, typed as it stands. PORTCULLIS_UPDATE=1 writes what is printed now into the
// pages, to be read before it is committed.

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "packages/cli/bin/portcullis.mjs");
const update = process.env.PORTCULLIS_UPDATE === "1";
const examples = readdirSync(join(root, "examples")).sort();
const pages = [
  ...markdownIn("docs/commands"),
  ...examples.map((name) => join(root, "examples", name, "README.md")),
].filter((page) => readTranscripts(readFileSync(page, "utf8")).length > 0);
let bin: string;

beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "portcullis-pages-"));
  const shim = join(bin, "portcullis");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(shim, 0o755);
});

afterAll(() => rmSync(bin, { recursive: true }));

describe.each(pages.map((page) => [relative(root, page), page] as const))("%s", (_, page) => {
  const markdown = readFileSync(page, "utf8");
  const results: { step: Step; text: string; code: number }[] = [];
  for (const { title, steps } of readTranscripts(markdown)) {
    test(title, async () => {
      for (const step of steps) {
        const { text, code } = await type(step.command);
        results.push({ step, text, code });
        if (update) continue;
        const where = `${relative(root, page)}:${step.line}: $ ${step.command}\n`;
        expect(mismatch(step.expected, text), where + text).toBeUndefined();
        expect(code, where + text).toBe(step.exitCode);
      }
    });
  }
  afterAll(() => {
    if (update) writeFileSync(page, rewritten(markdown, results));
  });
});

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => join(root, folder, name));
}

/** In the repository's root, with nobody's terminal or settings. */
function type(command: string): Promise<{ readonly text: string; readonly code: number }> {
  const env = { PATH: [bin, process.env.PATH].join(delimiter), HOME: bin, TMPDIR: bin, LC_ALL: "C.UTF-8" };
  return new Promise((resolve) => {
    const child = execFile(
      "sh",
      ["-c", `exec 2>&1\n${command}`],
      { cwd: root, env, timeout: 60_000 },
      (error, text) => {
        // A page shows no directory of this run.
        resolve({
          text: update ? text.replaceAll(bin, "…") : text,
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
        });
      },
    );
    child.stdin?.end();
  });
}
