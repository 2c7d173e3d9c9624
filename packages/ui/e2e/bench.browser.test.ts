import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  accessibilityProblems,
  atRest,
  dropFiles,
  eventually,
  openBrowser,
  openPage,
  scrollWidth,
} from "./browser.ts";
import { type Served, serve } from "./served.ts";

let browser: Browser;
let served: Served;
const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));

const pod = (namespace: string, name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 80}]}]}
---
`;
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: backend
  ingress:
    - from:
        - podSelector: {}
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              app: agent
`;

beforeAll(async () => {
  const pods = [pod("shop", "frontend"), pod("shop", "backend"), pod("ops", "agent")].join("");
  writeFileSync(join(folder, "pods.yaml"), pods);
  writeFileSync(join(folder, "policy.yaml"), policy);
  [browser, served] = await Promise.all([openBrowser(), serve("-f", folder)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()]);
  rmSync(folder, { recursive: true });
});

test("the editor completes what the cluster has, says what is picked, and can be left by keyboard", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
  await page.getByText("or: either is enough; in this one both must hold").waitFor();
  await atRest(page);
  const hover = page.locator(".selector-hover");
  // A pointer that rests on it; one that the text was moved away from comes again.
  await vi.waitFor(async () => {
    await page.mouse.move(0, 0);
    await page.locator(".cm-line", { hasText: "app: agent" }).getByText("agent").hover();
    await hover.getByText("picks, both holding: 1 pod now").waitFor({ timeout: 5_000 });
  }, eventually);
  await hover.getByText("ops/agent").waitFor();

  await toEnd(page);
  await page.keyboard.insertText("      ports:\n        - port: h");
  await page.keyboard.press("Control+Space");
  // Enter is not taken in the moment in which proposals appear: somebody may be typing on.
  await page.getByRole("option", { name: /http/ }).click();
  await page.getByText("- port: http").waitFor();
  await page.locator(".cm-tooltip-autocomplete").waitFor({ state: "detached" });
  const isInside = () => page.locator(".cm-content:focus").count();
  await expect.poll(isInside, eventually).toBe(1);
  // The editor waits two seconds for the Tab after an Escape, which a busy machine may let pass.
  await expect
    .poll(async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      return isInside();
    }, eventually)
    .toBe(0);
  expect(problems).toEqual([]);
  await page.context().close();
});

test("a template's effect is told before it is inserted, a change says why, and a promise turns red", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
  await page.getByText("Templates", { exact: true }).click();
  await page.getByLabel(/^Template/).selectOption("Deny all, both ways");
  await page.getByLabel("for namespace").selectOption("shop");
  await page.getByText("If inserted: 0 newly allowed, 8 newly denied").waitFor();
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  await page.getByRole("button", { name: "Insert as shop-default-deny.yaml" }).click();
  await changes.getByText("0 newly allowed, 8 newly denied").waitFor();

  await changes.getByRole("button", { name: "why, frontend to backend" }).click();
  const why = page.getByRole("region", { name: "Why: frontend → backend" });
  await why.getByRole("button", { name: "Expect allow from now on" }).click();
  const assertions = page.getByRole("region", { name: "Assertions" });
  await assertions.getByText("1 of 1 does not hold.").waitFor();
  await assertions.getByText("expected allow, but 1 of 1 pair is denied").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await assertions.getByRole("button", { name: "assertions.yaml:4" }).click();
  await page.locator(".cm-content:focus .cm-activeLine", { hasText: "from: shop/frontend" }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => scrollWidth(page), eventually).toBeLessThanOrEqual(360);
  expect(problems).toEqual([]);
  await page.context().close();
});

test("a link carries the draft, and asks before it takes the place of another", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  await page.locator(".cm-content").waitFor();
  await toEnd(page);
  await page.keyboard.insertText("  egress: []\n  policyTypes: [Egress]\n");
  await changes.getByText("newly denied").first().waitFor();
  // Of the newest draft, as the page says itself.
  const said = await changes.locator("[role=status][aria-busy=false]").textContent();
  await page.getByText("Share and export").click();
  await page.getByRole("button", { name: "Copy a link to this draft" }).click();
  await page.getByText("whoever has the link has the manifests").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download the changes as a patch" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toContain("\n+  policyTypes: [Egress]\n");
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await page.evaluate((to) => location.assign(to), link);
  const asked = page.getByRole("alertdialog");
  await asked.getByText("The draft that you edit now is given up").waitFor();
  await asked.getByRole("button", { name: "Leave it" }).click();

  const other = await openPage(browser, `${served.url}${new URL(link).hash}`);
  await other.page.getByText("a draft of a link, edited").waitFor();
  const same = other.page.getByRole("region", { name: "Changes" }).getByRole("status");
  await expect.poll(() => same.textContent(), eventually).toBe(said);
  await expect.poll(() => other.page.url(), eventually).not.toContain("draft=");
  await other.page.reload();
  await other.page.getByText("The draft of last time was taken up again.").waitFor();
  await other.page.getByRole("button", { name: "Discard it" }).click();
  await other.page.getByRole("region", { name: "Changes" }).getByText("The draft allows what").waitFor();
  expect([...problems, ...other.problems]).toEqual([]);
  await page.context().close();
  await other.page.context().close();
});

test("files that are dropped are opened or added, whatever they are called", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/reach`);
  // From when the page is there at all: what is dropped is asked about when its files are.
  await page.getByRole("navigation", { name: "Views" }).waitFor();
  const name = '<img src="x" onerror="alert(1)">.yaml';
  await dropFiles(page, [
    { name, text: pod("home", "one") },
    { name: "b.yaml", text: "a: [" },
  ]);
  const asked = page.getByRole("alertdialog");
  await asked.getByText("2 files.").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await asked.getByRole("button", { name: "Open instead" }).click();
  await page.getByRole("region", { name: "Problems" }).getByText("b.yaml:1").first().waitFor();
  const names = () => page.getByLabel("File").locator("option").allTextContents();
  await expect.poll(names, eventually).toEqual([name, "b.yaml"]);
  await atRest(page);
  expect(await page.locator("img").count()).toBe(0);
  await page.getByRole("button", { name: "Close these files" }).click();
  await page.getByLabel("File").locator("option", { hasText: "policy.yaml" }).waitFor({ state: "attached" });
  expect(problems).toEqual([]);
  await page.context().close();
});

test("a folder dropped from a file manager is opened with all that is in it, and the focus finds its way back", async () => {
  const dropped = join(folder, "dropped");
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(dropped, path)), { recursive: true });
    writeFileSync(join(dropped, path), text);
  };
  // More than a browser tells at once of a folder.
  const many = Array.from({ length: 130 }, (_, at) => `many/${String(at).padStart(3, "0")}.yaml`);
  for (const [at, path] of many.entries()) put(path, pod("many", `p${at}`));
  put("a.yaml", pod("home", "one"));
  put("deep/er/ünï <b>.yml", pod("home", "two"));
  put("deep/c.json", '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "home"}}');
  for (const path of ["notes.txt", "node_modules/m.yaml", "deep/.git/g.yaml"]) put(path, "a: [");
  const expected = ["a.yaml", "deep/c.json", "deep/er/ünï <b>.yml", ...many].map((path) => `dropped/${path}`);

  const { page, problems } = await openPage(browser, `${served.url}#/reach`);
  await atRest(page);
  const list = page.getByRole("button", { name: "list", exact: true });
  await list.focus();
  await dropPaths(page, dropped);
  const asked = page.getByRole("alertdialog");
  await asked.getByText(`${expected.length} files.`).waitFor();
  await asked.locator("button:focus", { hasText: "Open instead" }).waitFor();
  await page.keyboard.press("Escape");
  await asked.waitFor({ state: "detached" });
  await page.locator("button:focus", { hasText: "list" }).waitFor();

  await dropPaths(page, dropped, join(folder, "policy.yaml"));
  await asked.getByText(`${expected.length + 1} files.`).waitFor();
  await asked.getByRole("button", { name: "Open instead" }).press("Enter");
  await page.locator("h1", { hasText: "Workbench" }).waitFor({ state: "attached" });
  await page.locator("main:focus").waitFor();
  const names = () => page.getByLabel("File").locator("option").allTextContents();
  await expect.poll(names, eventually).toEqual([...expected, "policy.yaml"]);
  await atRest(page);
  // All of them could be read.
  const found = page.getByRole("region", { name: "Problems" });
  expect(await found.getByText("error: ").count()).toBe(0);
  expect(problems).toEqual([]);
  await page.context().close();
});

test("a link that was cut off is said to be so", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/reach?draft=abc`);
  const asked = page.getByRole("alertdialog");
  await asked.getByText("damaged or cut off").waitFor();
  await expect.poll(() => asked.getByRole("button").allTextContents(), eventually).toEqual(["Leave it"]);
  expect(problems).toEqual([]);
  await page.context().close();
});

async function toEnd(page: Page): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
}

/** Drops files and folders of this machine, as a file manager does. */
async function dropPaths(page: Page, ...paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  await session.detach();
}
