// The whole suite, in the order in which failures are cheapest: types, style and boundaries, unused code; then the tests.
// Those of the kernel mostly wait, for packets that must not come, and run one file at a time: so the others run beside
// them, and the whole takes hardly longer than the kernel's. Ends with `N passed, N failed, N skipped`, where each check counts as one.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "portcullis-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
/** Told once more at the end, where somebody looks first. */
const failures = [];

await check("types", "typescript/bin/tsc", ["-p", "tsconfig.tests.json"]);
await check("style and package boundaries", "@biomejs/biome/bin/biome", [
  "ci",
  "--error-on-warnings",
  `--colors=${process.stdout.isTTY ? "force" : "off"}`,
  ".",
]);
await check("unused files, exports and dependencies", "knip/bin/knip.js", []);

const background = heldOutput();
const kernel = vitest("kernel", background);
await vitest("unit", process.stdout);
await vitest("isolated", process.stdout);
const chromium = process.env.PORTCULLIS_CHROMIUM ?? "/usr/bin/chromium";
if (existsSync(chromium)) await vitest("browser", process.stdout);
else skip("packages/ui/e2e", ".browser.test.ts", `there is no ${chromium}: install Debian's chromium`);
background.release();
await kernel;

rmSync(scratch, { recursive: true, force: true });
for (const failure of failures) process.stdout.write(`\nFAILED: ${failure}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function check(name, program, args) {
  const ok = (await node(program, args, process.stdout)) === 0;
  process.stdout.write(`${ok ? "ok" : "FAILED"}: ${name}\n`);
  if (!ok) failures.push(name);
  total[ok ? "passed" : "failed"] += 1;
}

async function vitest(project, output) {
  const file = join(scratch, `${project}.json`);
  const failed = join(scratch, `${project}.failures.json`);
  const reporters = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
    `--reporter=${join(root, "scripts/failure-reporter.mjs")}`,
  ];
  const status = await node("vitest/vitest.mjs", ["run", "--project", project, ...reporters], output, {
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

/** Counts each file of tests as one that is skipped, and says why. */
function skip(folder, ending, reason) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(ending));
  for (const file of files) process.stdout.write(`skipped: ${folder}/${file}: ${reason}\n`);
  total.skipped += files.length;
}

/** Keeps what is written until it is released, so that two runs do not speak at once. */
function heldOutput() {
  const held = [];
  const output = {
    write: (chunk) => held.push(chunk),
    release: () => {
      output.write = (chunk) => process.stdout.write(chunk);
      for (const chunk of held.splice(0)) process.stdout.write(chunk);
    },
  };
  return output;
}

function readJson(file, otherwise) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise;
  }
}

/** Runs a program of node_modules, and gives its exit code. */
async function node(program, args, output, env = {}) {
  const child = spawn(process.execPath, [join(root, "node_modules", program), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.write(chunk));
  const [status] = await once(child, "close");
  return status;
}
