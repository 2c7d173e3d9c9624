import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  accessibilityProblems,
  eventually,
  openBrowser,
  openPage,
  scrollWidth,
  type WatchedPage,
} from "./browser.ts";
import { type Served, serve } from "./served.ts";

let browser: Browser;
let served: Served;
const folder = mkdtempSync(join(tmpdir(), "portcullis-form-"));

const pod = (namespace: string, name: string, labels: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}
spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 80}]}]}
---
`;
const policies = `# Whoever reads this: keep it short.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: # the servers
    matchLabels:
      app: backend
  ingress:
    - from:
        - podSelector: {matchLabels: {app: frontend}} # the shop window
        - namespaceSelector: {matchLabels: {team: ops}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: aliases, namespace: shop}
spec:
  podSelector: &web {matchLabels: {app: nobody}}
  ingress:
    - from:
        - podSelector: *web
`;

const windows = policies.replaceAll("\n", "\r\n").replaceAll("shop}", "elsewhere}");

beforeAll(async () => {
  writeFileSync(join(folder, "windows.yaml"), windows);
  writeFileSync(
    join(folder, "pods.yaml"),
    pod("shop", "frontend", "{app: frontend}") +
      pod("shop", "backend-a", "{app: backend, tier: api}") +
      pod("shop", "backend-b", "{app: backend}") +
      pod("ops", "agent", "{app: agent}") +
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: ops, labels: {team: ops}}\n",
  );
  writeFileSync(join(folder, "policies.yaml"), policies);
  [browser, served] = await Promise.all([openBrowser(), serve("-f", folder)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()]);
  rmSync(folder, { recursive: true });
});

interface OpenForm extends WatchedPage {
  readonly form: Locator;
  readonly changes: Locator;
}

/** The workbench with its form, of the first policy. */
async function openForm(options: Parameters<typeof openPage>[2] = {}): Promise<OpenForm> {
  const watched = await openPage(browser, `${served.url}#/workbench`, options);
  const { page } = watched;
  await page.locator(".cm-content").waitFor();
  const toggle = page.getByRole("button", { name: "Form", exact: true });
  if ((await toggle.getAttribute("aria-pressed")) === "false") await toggle.click();
  const form = page.getByRole("region", { name: "Form" });
  await form.getByText("About pods labelled app=backend in namespace shop.").waitFor();
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  return { ...watched, form, changes };
}

const line = (page: Page, text: string | RegExp) => page.locator(".cm-line", { hasText: text });

test("what is done in the form is written into the YAML, changes what is allowed, and is undone", async () => {
  const { page, form, changes, problems } = await openForm();
  const selector = form.getByRole("group", { name: "Pods that it is about" });
  await selector.getByLabel("key of a new label").fill("tier");
  await selector.getByLabel("value of a new label").fill("api");
  await page.keyboard.press("Enter");
  await line(page, /^ {6}tier: api$/).waitFor();
  await line(page, "podSelector: # the servers").waitFor();
  await form.getByText("About pods labelled app=backend AND tier=api in namespace shop.").waitFor();
  await form.getByText("is about: 1 pod now – shop/backend-a").waitFor();
  // The other backend is isolated no more.
  await changes.getByRole("row", { name: /outside.* backend-b/ }).waitFor();
  await form.getByLabel("value of tier").fill("web");
  await line(page, "tier: web").waitFor();
  await page.getByRole("link", { name: "Reach" }).click();
  await page.getByRole("button", { name: "list", exact: true }).click();
  await page.getByRole("button", { name: "Open all namespaces" }).click();
  await page.getByRole("row", { name: /backend-b backend-a all ports/ }).waitFor();

  await page.getByRole("link", { name: "Workbench" }).click();
  await page.getByRole("button", { name: "Form", exact: true }).click();
  await form.getByRole("button", { name: "Remove label tier" }).click();
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  await form.getByRole("button", { name: "Make them one: both must match" }).click();
  await form
    .getByText("From pods labelled app=frontend in namespaces labelled team=ops; on any port.")
    .waitFor();
  await line(page, "← both must hold").waitFor();
  await changes.getByText("0 newly allowed").waitFor();
  await form.getByLabel("value of app").first().focus();
  await page.keyboard.press("Control+z");
  await line(page, "# the shop window").waitFor();
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  await form.getByRole("button", { name: "Redo" }).click();
  await line(page, "← both must hold").waitFor();
  await form.getByRole("button", { name: "Undo" }).click();
  await line(page, "namespaceSelector: {matchLabels: {team: ops}}").waitFor();
  await changes.getByText("The draft allows what was allowed before.").waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test("what is typed into the YAML is shown in the form; while it cannot be read, the form waits and says where", async () => {
  const { page, form, problems } = await openForm();
  await line(page, "namespaceSelector:").click();
  await page.keyboard.press("End");
  await page.keyboard.insertText("\n      ports: [{port: 80}]");
  await form.getByText("OR every pod in namespaces labelled team=ops; on TCP 80.").waitFor();
  await expect.poll(() => form.getByLabel("number or name of port 1").inputValue(), eventually).toBe("80");

  await page.keyboard.insertText("\n      broken: {");
  await form.getByText("The form waits: the YAML cannot be read at").waitFor();
  await expect.poll(() => form.getByRole("textbox").count(), eventually).toBe(0);
  await form.getByRole("button", { name: "line 14", exact: true }).click();
  await page.locator(".cm-content:focus .cm-activeLine", { hasText: "broken: {" }).waitFor();
  await page.keyboard.press("End");
  await page.keyboard.insertText("}");
  await form.getByText("Kept as it is, and not shown here: spec.ingress[0].broken.").waitFor();
  await form.getByText("OR every pod in namespaces labelled team=ops; on TCP 80.").waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test("by keyboard alone; what the API would refuse is not written; when a row goes, the focus stays near", async () => {
  const { page, form, problems } = await openForm();
  const name = form.getByLabel("name of the policy");
  await name.fill("Backend_1");
  await form.getByText(/lowercase RFC 1123.*\(not written yet\)/).waitFor();
  await line(page, "{name: backend, namespace: shop}").waitFor();
  await name.press("Escape");
  await expect.poll(() => name.inputValue(), eventually).toBe("backend");

  await form.getByLabel("prefix of new addresses").fill("10.0.0.1/8");
  await page.keyboard.press("Enter");
  await form.getByText("must not have bits set beyond the prefix length").waitFor();
  await form.getByLabel("prefix of new addresses").fill("10.0.0.0/8");
  await page.keyboard.press("Enter");
  await line(page, "cidr: 10.0.0.0/8").waitFor();

  await form.getByRole("button", { name: "Add port" }).focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("http");
  await page.keyboard.press("Enter");
  await line(page, "port: http").waitFor();
  await form.getByRole("button", { name: "Allow any port instead" }).focus();
  await page.keyboard.press("Enter");
  await line(page, "port: http").waitFor({ state: "detached" });
  await form.locator(":focus").waitFor();
  await form.getByLabel("Egress", { exact: true }).focus();
  await page.keyboard.press("Space");
  await line(page, "policyTypes: [Ingress, Egress]").waitFor();
  await form.getByText("They may connect to nobody.").waitFor();
  expect(problems).toEqual([]);
  await page.context().close();
});

test("what a form has no field for is shown only, with the reason; line ends of a file stay", async () => {
  const { page, form, problems } = await openForm();
  await line(page, "name: aliases").click();
  await form.getByText("*web stands for what line 18 says.").waitFor();
  await form.getByText("Line 21 repeats this, as *web.").waitFor();
  await form.getByText("From pods labelled app=nobody in namespace shop; on any port.").waitFor();
  for (const field of await form.getByLabel("value of app").all())
    expect(await field.isDisabled()).toBe(true);
  await page.getByLabel("File").selectOption({ label: join(folder, "pods.yaml") });
  await form
    .getByText("The cursor is in a Pod. The form is for NetworkPolicies; this file has none.")
    .waitFor();

  await page.getByLabel("File").selectOption({ label: join(folder, "windows.yaml") });
  await form.getByText("in namespace elsewhere.").waitFor();
  await line(page, "name: aliases").click();
  await form.getByText("Line 21 repeats this, as *web.").waitFor();
  await page.locator("button:disabled", { hasText: "Discard the draft" }).waitFor();
  await line(page, "name: backend").click();
  await form.getByLabel("key of a new label").first().fill("tier");
  await page.keyboard.press("Enter");
  await line(page, 'tier: ""').waitFor();
  const written = windows.replace("app: backend\r\n", 'app: backend\r\n      tier: ""\r\n');
  await expect.poll(() => keptTexts(page), eventually).toContain(written);
  expect(problems).toEqual([]);
  await page.context().close();
});

test("axe finds nothing, in light and dark, and nothing is wider than a phone", async () => {
  const { page, form, problems } = await openForm({ width: 1800, colorScheme: "dark" });
  await form.locator("summary").first().click();
  await form.getByLabel("prefix of new addresses").fill("nonsense");
  await page.keyboard.press("Enter");
  await form.getByText("must be a prefix such as").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await accessibilityProblems(page)).toEqual([]);
  await expect.poll(() => scrollWidth(page), eventually).toBeLessThanOrEqual(360);
  expect(problems).toEqual([]);
  await page.context().close();
});

/** The texts of the draft that the browser keeps. */
async function keptTexts(page: Page): Promise<readonly string[]> {
  const kept = await page.evaluate(() => Object.values(localStorage) as string[]);
  return kept.flatMap((each) => (JSON.parse(each) as { text: string }[]).map(({ text }) => text));
}
