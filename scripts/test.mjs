// The whole suite, in the order in which failures are cheapest: types, style and boundaries, unused code, unit tests,
// kernel tests. Ends with `N passed, N failed, N skipped`, where each check counts as one.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "portcullis-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };

check("types", "typescript/bin/tsc", ["-p", "tsconfig.tests.json"]);
check("style and package boundaries", "@biomejs/biome/bin/biome", [
  "ci",
  "--error-on-warnings",
  `--colors=${process.stdout.isTTY ? "force" : "off"}`,
  ".",
]);
check("unused files, exports and dependencies", "knip/bin/knip.js", []);
vitest("unit");
vitest("isolated");
vitest("kernel");

rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function check(name, program, args) {
  const ok = node(program, args) === 0;
  process.stdout.write(`${ok ? "ok" : "FAILED"}: ${name}\n`);
  total[ok ? "passed" : "failed"] += 1;
}

function vitest(project) {
  const file = join(scratch, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const status = node("vitest/vitest.mjs", ["run", "--project", project, ...reporters]);
  const report = readReport(file);
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded has no failed test in it.
  if (status !== 0 && report.numFailedTests === 0) total.failed += 1;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}

function node(program, args) {
  const path = join(root, "node_modules", program);
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] })
    .status;
}
