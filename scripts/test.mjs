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
/** Told once more at the end, where somebody looks first. */
const failures = [];

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
vitest("browser");
vitest("kernel");

rmSync(scratch, { recursive: true, force: true });
for (const failure of failures) process.stdout.write(`\nFAILED: ${failure}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function check(name, program, args) {
  const ok = node(program, args) === 0;
  process.stdout.write(`${ok ? "ok" : "FAILED"}: ${name}\n`);
  if (!ok) failures.push(name);
  total[ok ? "passed" : "failed"] += 1;
}

function vitest(project) {
  const file = join(scratch, `${project}.json`);
  const failed = join(scratch, `${project}.failures.json`);
  const reporters = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    `--reporter=${join(root, "scripts/failure-reporter.mjs")}`,
  ];
  const status = node("vitest/vitest.mjs", ["run", "--project", project, ...reporters], {
    PORTCULLIS_FAILURES: failed,
  });
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  const report = readJson(file, none);
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  const told = readJson(failed, [`${project}: vitest ended with code ${status}`]);
  failures.push(...told);
  // A file that cannot be loaded, and an error that no test caught, are failures without a failed test.
  if (status !== 0 && report.numFailedTests === 0) total.failed += 1;
}

function readJson(file, otherwise) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise;
  }
}

function node(program, args, env = {}) {
  const path = join(root, "node_modules", program);
  const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } };
  return spawnSync(process.execPath, [path, ...args], options).status;
}
