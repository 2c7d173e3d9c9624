import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, eventually, openBrowser, openPage } from "./browser.ts";
import { type Served, up } from "./served.ts";

const examples = join(import.meta.dirname, "../../../examples/tutorial");
let browser: Browser;
let sandbox: Served;

beforeAll(async () => {
  const files = ["frontend.yaml", "backend.yaml"].flatMap((file) => ["-f", join(examples, file)]);
  [browser, sandbox] = await Promise.all([openBrowser(), up("browser-test", ...files)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), sandbox?.stop()]);
});

test("default-deny and both halves of a connection, from the workbench to the kernel", async () => {
  const { page, problems } = await openPage(browser, `${sandbox.url}#/live`);
  await page.getByText("Connected: verdicts come as they happen.").waitFor();
  await probe(page, /Seen: ✓ it was answered.*✓ allowed.*✓ What was seen is what was predicted/s);

  await applyPolicy(page, "deny", "podSelector: {}\n  policyTypes: [Ingress, Egress]");
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("default/deny: in force").waitFor();
  await probe(page, /Seen: ✕ nothing came back.*default\/deny isolates default\/frontend for egress/s);
  await page.getByRole("cell", { name: "egress: default/deny" }).first().waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  await applyPolicy(
    page,
    "frontend",
    "podSelector: {matchLabels: {run: frontend}}\n  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {matchLabels: {run: backend}}}]}]",
  );
  await applyPolicy(
    page,
    "backend",
    "podSelector: {matchLabels: {run: backend}}\n  ingress: [{from: [{podSelector: {matchLabels: {run: frontend}}}]}]",
  );
  await page.getByRole("link", { name: "Live" }).click();
  for (const policy of ["frontend", "backend"]) await page.getByText(`default/${policy}: in force`).waitFor();
  await probe(page, /Seen: ✓ it was answered.*✓ What was seen is what was predicted/s);

  await page.getByRole("button", { name: "Probe all" }).click();
  await page.getByText(/^6 probes: 6 as predicted$/).waitFor();
  await page.getByText("default/backend ingress[0]").first().waitFor();
  expect(problems).toEqual([]);
});

test("a sandbox that is gone is said to be stale, with what was known", async () => {
  const { page } = await openPage(browser, `${sandbox.url}#/live`);
  await page.getByText("Connected: verdicts come as they happen.").waitFor();
  await sandbox.stop();
  await page.getByText(/Stale since .*: portcullis does not answer/).waitFor();
  await page.getByText("default/deny").first().waitFor();
});

/** Sends one packet; what is said of it is gone while the next one is under way. */
async function probe(page: Page, said: RegExp): Promise<void> {
  const box = page.getByRole("region", { name: "Probe" });
  await box.locator("select[name=source]").selectOption("default/frontend");
  await box.locator("input[name=destination]").fill("default/backend");
  await box.getByRole("button", { name: "Send", exact: true }).click();
  await expect.poll(() => box.locator(".seen").textContent(), eventually).toMatch(said);
}

async function applyPolicy(page: Page, name: string, spec: string): Promise<void> {
  await page.getByRole("link", { name: "Workbench" }).click();
  await page.locator(".cm-line", { hasText: "kind" }).first().waitFor();
  await page.getByRole("button", { name: "New file" }).click();
  // The editor of the new file, and not that of the one before.
  await page.locator(".cm-content:not(:has-text('kind'))").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.insertText(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: default}\nspec:\n  ${spec}\n`,
  );
  const button = page.getByRole("button", { name: "Apply to the sandbox" });
  await button.click();
  // What was said of the one before is said no more while this one is applied, for as long as nothing can be.
  const applied = page.locator("p", { has: page.locator("button:disabled", { hasText: "Apply" }) });
  await applied.getByText("1 created; in force").waitFor();
}
