import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./browser.ts";
import { type Served, serve } from "./served.ts";

let browser: Browser;
let served: Served;
const folder = mkdtempSync(join(tmpdir(), "portcullis-workbench-"));
// Not a name that the API would take, but one that a file can have.
const markup = "<img src=x onerror=alert(1)>";

const pods = ["frontend", "backend"]
  .map(
    (name) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}, annotations: {note: "${markup}"}}
spec: {containers: [{name: c, image: nginx}]}
---
`,
  )
  .join("");
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  policyTypes: [Ingress]
`;

beforeAll(async () => {
  writeFileSync(join(folder, "pods.yaml"), pods);
  writeFileSync(join(folder, `${markup.replaceAll("/", "")}.yaml`), policy);
  [browser, served] = await Promise.all([openBrowser(), serve("-f", folder)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()]);
  rmSync(folder, { recursive: true });
});

test("what is typed changes what is shown, survives a reload, and can be given up", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  await appendToDocument(page, "  ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}]}]");
  await changes.getByText("1 newly allowed, 0 newly denied").waitFor();
  await page.getByRole("link", { name: "Reach" }).click();
  await page.getByRole("button", { name: "list", exact: true }).click();
  await page.getByRole("row", { name: /frontend backend all ports/ }).waitFor();

  await page.reload();
  await page.getByRole("row", { name: /frontend backend all ports/ }).waitFor();
  await page.getByRole("link", { name: "Workbench" }).click();
  await changes.getByText("1 newly allowed").waitFor();
  await page.getByRole("button", { name: "Discard the draft" }).click();
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  expect(problems).toEqual([]);
});

test("what is wrong is said where it is, and the rest still counts", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
  await page.locator(".cm-content").waitFor();
  await appendToDocument(page, "  ingres: [");
  const found = page.getByRole("region", { name: "Problems" });
  await found.getByText(/:7/).first().waitFor();
  // A policy that cannot be read isolates nobody, which the changes say.
  await page.getByRole("region", { name: "Changes" }).getByText("newly allowed").first().waitFor();
  expect(problems).toEqual([]);
});

async function appendToDocument(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  // Brackets would be closed by the editor: as if pasted.
  await page.keyboard.insertText(text);
}
