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
  join(root, "docs/staged.md"),
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

describe.concurrent.each(pages.map((page) => [relative(root, page), page] as const))("%s", (_, page) => {
  const markdown = readFileSync(page, "utf8");
  const results: Result[] = [];
  for (const { title, steps } of readTranscripts(markdown)) {
    test(title, async () => {
      for (const step of steps) {
        const printed = await type(step.command);
        results.push({ step, printed });
        if (update) continue;
        const where = `${relative(root, page)}:${step.line}: $ ${step.command}\n`;
        expect(difference(step, printed), where).toBeUndefined();
        expect(printed.code, where + printed.stderr).toBe(step.exitCode);
      }
    });
  }
  afterAll(() => {
    // Sections run side by side, and end in any order.
    results.sort((a, b) => a.step.line - b.step.line);
    if (update) writeFileSync(page, rewritten(markdown, results.filter(isOutdated).map(shown)));
  });
});

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => join(root, folder, name));
}

type Result = { readonly step: Step; readonly printed: Printed };

const isOutdated = ({ step, printed }: Result): boolean =>
  difference(step, printed) !== undefined || printed.code !== step.exitCode;

const shown = ({ step, printed }: Result) => ({
  step,
  text: printed.stdout + printed.stderr,
  code: printed.code,
});

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In the repository's root, with nobody's terminal or settings. */
function type(command: string): Promise<Printed> {
  const env = { PATH: [bin, process.env.PATH].join(delimiter), HOME: bin, TMPDIR: bin, LC_ALL: "C.UTF-8" };
  return new Promise((resolve) => {
    const options = { cwd: root, env, timeout: 60_000, maxBuffer: 64 << 20 };
    const child = execFile("sh", ["-c", command], options, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
      // A page shows no directory of this run.
      resolve({ code, stdout: stdout.replaceAll(bin, "…"), stderr: stderr.replaceAll(bin, "…") });
    });
    child.stdin?.end();
  });
}

/** A page may leave out what goes to standard error, which tells what was read; on the screen that comes last. */
function difference({ expected }: Step, { stdout, stderr }: Printed): string | undefined {
  return mismatch(expected, stdout) && mismatch(expected, stdout + stderr);
}
