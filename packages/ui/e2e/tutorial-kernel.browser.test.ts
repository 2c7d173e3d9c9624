import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, eventually, openBrowser, openPage } from "./browser.ts";
import { type Served, up } from "./served.ts";
import { goalsReached, nextStep, tutorialPolicies, typePolicy } from "./tutorial-steps.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-tutorial-"));
let browser: Browser;
let sandbox: Served;

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
  const file = join(folder, "pods.yaml");
  writeFileSync(file, pods.join("---\n"));
  [browser, sandbox] = await Promise.all([openBrowser(), up("browser-tutorial", "-f", file)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), sandbox?.stop()]);
  rmSync(folder, { recursive: true });
});

test("every step of the tutorial, with the kernel's verdict beside the engine's", async () => {
  const { page, problems } = await openPage(browser, `${sandbox.url}#/tutorial`);
  expect(await seen(page)).toEqual([
    "default/frontend → default/backend TCP 80: ✓ answered, as predicted",
    "default/frontend → default/db TCP 5432: ✓ answered, as predicted",
    "outside reaches db: no pod can tell",
  ]);
  const steps: (readonly string[])[] = [];
  for (const [at, policy] of tutorialPolicies.entries()) {
    await nextStep(page, at + 2);
    await typePolicy(page, policy);
    await goalsReached(page);
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
  await kernel.getByRole("button", { name: "Try it with real packets" }).click();
  const goals = await page.locator(".goals li").count();
  // All of them come at once; those of the step before went with it.
  await expect.poll(() => kernel.locator("li").count(), eventually).toBe(goals);
  return kernel.locator("li").allTextContents();
}
