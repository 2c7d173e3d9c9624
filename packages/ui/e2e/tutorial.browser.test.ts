import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, atRest, openBrowser, openPage } from "./browser.ts";
import { goalsReached, nextStep, tutorialPolicies, typePolicy } from "./tutorial-steps.ts";

let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const type = { ".js": "text/javascript", ".css": "text/css" }[extname(path)] ?? "text/html";
    response.setHeader("content-type", type);
    response.end(readFileSync(join(import.meta.dirname, "../dist/site", path === "/" ? "index.html" : path)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
});

test("the tutorial of the static site: offered once, typed to its end, in the browser alone", async () => {
  const { page, problems } = await openPage(browser, url);
  await page.getByRole("button", { name: "Begin the tutorial" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("button", { name: "Begin the tutorial" }).click();
  await nextStep(page, 2);
  await page.getByText("✕ not yet: frontend does not reach db").waitFor();
  await page.locator("button:disabled", { hasText: "Next step" }).waitFor();

  // What is wrong with it is said while it is typed.
  await typePolicy(page, tutorialPolicies[0]!.replace("spec:", "spek:"));
  await page.getByText('unknown field "spek"').waitFor();
  for (const [at, policy] of tutorialPolicies.entries()) {
    if (at > 0) await nextStep(page, at + 2);
    await typePolicy(page, policy);
    await goalsReached(page);
  }
  await page.getByText("Done: this cluster denies everything but what you allowed.").waitFor();

  await page.reload();
  await page.getByRole("link", { name: "Reach" }).click();
  await page.getByText("the example of a shop").waitFor();
  await atRest(page);
  expect(await page.getByRole("button", { name: "Begin the tutorial" }).count()).toBe(0);
  expect(problems).toEqual([]);
  await page.context().close();
});
