import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, openBrowser, openPage } from "./browser.ts";
import { printedUrl } from "./printed-url.ts";

const program = fileURLToPath(new URL("../../cli/bin/portcullis.mjs", import.meta.url));
const examples = join(import.meta.dirname, "../../../examples/tutorial");
let browser: Browser;
let sandbox: ChildProcess;
let url: string;

beforeAll(async () => {
  const files = ["frontend.yaml", "backend.yaml"].flatMap((file) => ["-f", join(examples, file)]);
  sandbox = spawn(process.execPath, [program, "up", "--name", "browser-test", ...files], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  [browser, url] = await Promise.all([openBrowser(), printedUrl(sandbox)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), stopped()]);
});

test("default-deny and both halves of a connection, from the workbench to the kernel", async () => {
  const { page, problems } = await openPage(browser, `${url}#/live`);
  await page.getByText("Connected: verdicts come as they happen.").waitFor();
  expect(await probe(page)).toMatch(
    /Seen: ✓ it was answered.*✓ allowed.*✓ What was seen is what was predicted/s,
  );

  await applyPolicy(page, "deny", "podSelector: {}\n  policyTypes: [Ingress, Egress]");
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("default/deny: in force").waitFor();
  expect(await probe(page)).toMatch(
    /Seen: ✕ nothing came back.*default\/deny isolates default\/frontend for egress/s,
  );
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
  expect(await probe(page)).toMatch(/Seen: ✓ it was answered.*✓ What was seen is what was predicted/s);

  await page.getByRole("button", { name: "Probe all" }).click();
  await page.getByText(/^6 probes: 6 as predicted$/).waitFor();
  await page.getByText("default/backend ingress[0]").first().waitFor();
  expect(problems).toEqual([]);
});

test("a sandbox that is gone is said to be stale, with what was known", async () => {
  const { page } = await openPage(browser, `${url}#/live`);
  await page.getByText("Connected: verdicts come as they happen.").waitFor();
  await stopped();
  await page.getByText(/Stale since .*: portcullis does not answer/).waitFor();
  await page.getByText("default/deny").first().waitFor();
});

async function stopped(): Promise<void> {
  if (sandbox.exitCode !== null) return;
  const ended = once(sandbox, "exit");
  sandbox.kill("SIGINT");
  await ended;
}

async function probe(page: Page): Promise<string> {
  const box = page.getByRole("region", { name: "Probe" });
  await box.locator("select[name=source]").selectOption("default/frontend");
  await box.locator("input[name=destination]").fill("default/backend");
  await box.getByRole("button", { name: "Send", exact: true }).click();
  await box.getByRole("button", { name: "Send", exact: true }).waitFor();
  await box.locator(".seen").waitFor();
  return (await box.locator(".seen").textContent()) ?? "";
}

async function applyPolicy(page: Page, name: string, spec: string): Promise<void> {
  await page.getByRole("link", { name: "Workbench" }).click();
  await page.getByRole("button", { name: "New file" }).click();
  await page.locator(".cm-content").click();
  await page.keyboard.insertText(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: default}\nspec:\n  ${spec}\n`,
  );
  await page.getByRole("button", { name: "Apply to the sandbox" }).click();
  await page.getByText("1 created; in force").waitFor();
}
