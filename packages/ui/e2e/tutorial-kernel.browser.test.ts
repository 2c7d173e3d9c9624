import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, openBrowser, openPage } from "./browser.ts";
import { printedUrl } from "./printed-url.ts";
import { tutorialPolicies, typePolicy } from "./tutorial-steps.ts";

const program = fileURLToPath(new URL("../../cli/bin/portcullis.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "portcullis-tutorial-"));
let browser: Browser;
let sandbox: ChildProcess;
let url: string;

/** As the commands of the tutorial make them. */
const pods = [
  ["frontend", "nginx", 80],
  ["backend", "nginx", 80],
  ["db", "portcullis/echo", 5432],
].map(
  ([name, image, port]) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {run: ${name}}}\n` +
    `spec: {containers: [{name: ${name}, image: ${image}, ports: [{containerPort: ${port}}]}]}\n`,
);

beforeAll(async () => {
  writeFileSync(join(folder, "pods.yaml"), pods.join("---\n"));
  const args = ["up", "--name", "browser-tutorial", "-f", join(folder, "pods.yaml")];
  sandbox = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  [browser, url] = await Promise.all([openBrowser(), printedUrl(sandbox)]);
});

afterAll(async () => {
  await browser?.close();
  if (sandbox.exitCode === null) {
    const ended = once(sandbox, "exit");
    sandbox.kill("SIGINT");
    await ended;
  }
  rmSync(folder, { recursive: true });
});

test("every step of the tutorial, with the kernel's verdict beside the engine's", async () => {
  const { page, problems } = await openPage(browser, `${url}#/tutorial`);
  expect(await seen(page)).toEqual([
    "default/frontend → default/backend TCP 80: ✓ answered, as predicted",
    "default/frontend → default/db TCP 5432: ✓ answered, as predicted",
    "outside reaches db: no pod can tell",
  ]);
  const next = page.getByRole("button", { name: "Next step" });
  const steps: (readonly string[])[] = [];
  for (const policy of tutorialPolicies) {
    await next.click();
    await typePolicy(page, policy);
    await page.locator(".goals:not(:has(.missed)) .reached").first().waitFor();
    steps.push(await seen(page));
  }
  const silent = "✕ nothing came back, as predicted";
  expect(steps[0]!.slice(0, 2)).toEqual([
    `default/frontend → default/backend TCP 80: ${silent}`,
    `default/frontend → default/db TCP 5432: ${silent}`,
  ]);
  expect(steps[1]![0]).toBe(`default/frontend → default/backend TCP 80: ${silent}`);
  expect(steps[2]!.slice(0, 2)).toEqual([
    "default/frontend → default/backend TCP 80: ✓ answered, as predicted",
    `default/backend → default/frontend TCP 80: ${silent}`,
  ]);
  expect(steps[3]!.slice(0, 2)).toEqual([
    "default/backend → default/db TCP 5432: ✓ answered, as predicted",
    `default/frontend → default/db TCP 5432: ${silent}`,
  ]);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
});

/** What real packets did, a line for each goal. */
async function seen(page: Page): Promise<readonly string[]> {
  const kernel = page.getByRole("region", { name: "On the kernel" });
  const go = kernel.getByRole("button", { name: "Try it with real packets" });
  await go.click();
  await kernel.locator("li").first().waitFor();
  const goals = await page.locator(".goals li").count();
  await kernel
    .locator("li")
    .nth(goals - 1)
    .waitFor();
  return kernel.locator("li").allTextContents();
}
