// The pictures of docs/web-app.md, drawn anew: node packages/ui/e2e/screenshots.mjs [VIEW…], after npm run setup. Looks at a
// sandbox of its own with the three-tier shop, and at the tutorial.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = join(root, "docs", "images");
const program = join(root, "packages", "cli", "bin", "portcullis.mjs");
const shop = join(root, "examples", "three-tier-shop");
const recorded = join(root, "examples", "recorded-flows", "flows.jsonl");

const views = {
  graph: async (page) => {
    await page.getByRole("button", { name: "Open all namespaces" }).click();
    await page.locator(".react-flow__node").first().waitFor();
  },
  matrix: async (page) => {
    await page.getByRole("button", { name: "matrix", exact: true }).click();
    await page.getByRole("button", { name: "Open all namespaces" }).click();
    await page.getByRole("grid").focus();
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"])
      await page.keyboard.press(key);
    await page.getByRole("complementary").getByText("Isolated by").first().waitFor();
  },
  list: async (page) => {
    await page.getByRole("button", { name: "Open all namespaces" }).click();
    await page.getByRole("button", { name: "list", exact: true }).click();
    await page.locator("tbody tr").first().waitFor();
  },
  workbench: async (page) => {
    await page.getByRole("link", { name: "Workbench" }).click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(
      "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: search-reads, namespace: data }\n" +
        "spec:\n  podSelector: { matchLabels: { app: db } }\n  ingress:\n    - from:\n        - namespaceSelector: {}\n",
    );
    await page
      .getByText(/newly allowed|newly denied/)
      .first()
      .waitFor();
    await page.waitForTimeout(500);
  },
  form: async (page) => {
    await page.setViewportSize({ width: 1680, height: 940 });
    await page.getByRole("link", { name: "Workbench" }).click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(
      "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: collector-reads\n  namespace: data\n" +
        "spec:\n  podSelector:\n    matchLabels: {app: db} # the database\n  ingress:\n    - from:\n" +
        "        - podSelector: {matchLabels: {app: collector}}\n          namespaceSelector: {}\n      ports: [{port: 5432}]\n",
    );
    // Where there is room, the form is there.
    const form = page.getByRole("region", { name: "Form" });
    const peer = form.getByRole("group", { name: "Peer 1" });
    await peer.getByLabel("key of a new label").first().fill("kubernetes.io/metadata.name");
    await peer.getByLabel("value of a new label").first().fill("tools");
    await page.keyboard.press("Enter");
    await form.getByText("in namespace tools").waitFor();
    await form.getByRole("group", { name: "Ingress rule 1" }).evaluate((part) => part.scrollIntoView());
    // Away from the text, over which it would ask what is picked.
    await page.mouse.move(600, 20);
    await page
      .getByText(/[1-9] newly allowed|[1-9] with other ports/)
      .first()
      .waitFor();
    await page.waitForTimeout(500);
  },
  breaks: async (page) => {
    await page.getByRole("link", { name: "Workbench" }).click();
    const breaks = page.getByRole("region", { name: "What breaks" });
    await breaks.locator("input[type=file]").setInputFiles(recorded);
    await page.getByLabel("File").selectOption("web/frontend.yaml");
    await page.getByRole("button", { name: "Remove it" }).click();
    await breaks.getByRole("button", { name: "would be denied: why" }).first().waitFor();
    await breaks.evaluate((region) => region.scrollIntoView());
  },
  live: async (page) => {
    await page.getByRole("link", { name: "Live" }).click();
    await page.getByText("Connected").waitFor();
    await page.getByRole("button", { name: "Probe all" }).click();
    await page.getByText(/^\d+ probes/).waitFor();
    await page.waitForTimeout(3_000);
  },
  tutorial: async (page) => {
    await page.getByRole("link", { name: "Tutorial" }).click();
    await page.getByRole("button", { name: "Next step" }).click();
    await page.getByRole("button", { name: "Show me" }).click();
    await page.getByText("✓").first().waitFor();
  },
};

const sandbox = spawn(process.execPath, [program, "up", "--name", "screenshots", "--stand-in", "-f", shop], {
  stdio: ["ignore", "ignore", "pipe"],
});
try {
  mkdirSync(folder, { recursive: true });
  const url = await printedUrl(sandbox);
  const browser = await chromium.launch({
    executablePath: process.env.PORTCULLIS_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const asked = process.argv.slice(2);
  for (const [name, arrange] of Object.entries(views)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, colorScheme });
      const page = await context.newPage();
      await page.goto(url);
      await arrange(page);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
      await context.close();
      process.stdout.write(`${name}-${colorScheme}.png\n`);
    }
  }
  await browser.close();
} finally {
  const ended = once(sandbox, "exit");
  sandbox.kill("SIGINT");
  await ended;
}

function printedUrl(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`the sandbox ended: ${text}`)));
  });
}
