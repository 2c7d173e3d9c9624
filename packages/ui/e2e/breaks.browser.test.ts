import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  accessibilityProblems,
  atRest,
  dropFiles,
  eventually,
  openBrowser,
  openPage,
  scrollWidth,
} from "./browser.ts";
import { serve, up } from "./served.ts";

const examples = join(import.meta.dirname, "../../../examples");
const shop = join(examples, "three-tier-shop");
const recorded = join(examples, "recorded-flows/flows.jsonl");
const folder = mkdtempSync(join(tmpdir(), "portcullis-breaks-"));
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const breaks = (page: Page): Locator => page.getByRole("region", { name: "What breaks" });

test("traffic of a sandbox that a draft would deny, kept by what is suggested, in the kernel", async () => {
  const files = ["frontend.yaml", "backend.yaml"].flatMap((file) => ["-f", join(examples, "tutorial", file)]);
  const sandbox = await up("breaks-test", ...files);
  try {
    const { page, problems } = await openPage(browser, `${sandbox.url}#/workbench`);
    await breaks(page).getByText("Nothing was recorded yet.").waitFor();
    expect(await probe(page)).toBe("answered");
    await breaks(page).getByText("1 recorded flow: 0 would be denied").waitFor();

    await insertTemplate(page, "Deny all, both ways", "default");
    const row = breaks(page).getByRole("button", {
      name: "default/frontend → default/backend at TCP 80, would be denied: why",
    });
    await row.click();
    const why = page.getByRole("region", { name: "Why: default/frontend → default/backend, TCP 80" });
    await why.getByText("TCP 80: allowed").waitFor();
    await why.getByText("default/default-deny isolates default/frontend for egress").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await why.getByRole("button", { name: "Close the explanation" }).press("Enter");
    await why.waitFor({ state: "detached" });
    await row.and(page.locator(":focus")).waitFor();

    await breaks(page).getByRole("button", { name: "Keep these" }).press("Enter");
    const kept = breaks(page).getByText("Inserted as keep-recorded.yaml: 2 policies.");
    await kept.and(page.locator(":focus")).waitFor();
    await breaks(page).getByText("1 recorded flow: 0 would be denied").waitFor();
    await row.waitFor({ state: "detached" });
    const changes = page.getByRole("region", { name: "Changes" });
    await changes.getByRole("row", { name: /other ports.* frontend backend all ports TCP 80/ }).waitFor();
    await page.locator(".cm-line", { hasText: "egress of 1 flow" }).waitFor();

    await page.getByRole("button", { name: "Apply to the sandbox" }).click();
    await page.getByText("3 created; in force").waitFor();
    expect(await probe(page)).toBe("answered");
    expect(await probe(page, 81)).toBe("silent");
    expect(problems).toEqual([]);

    await sandbox.stop();
    await breaks(page)
      .getByText(/Stale since .*: portcullis does not answer/)
      .waitFor();
    await breaks(page).getByText("recorded flow").first().waitFor();
  } finally {
    await sandbox.stop();
  }
});

test("records of a file say what replay says of them, and what is kept is what suggest writes", async () => {
  const base = join(folder, "base");
  execFileSync("mkdir", [base]);
  for (const name of ["api", "cluster", "data", "frontend", "namespaces"])
    writeFileSync(join(base, `${name}.yaml`), readFileSync(join(shop, `${name}.yaml`)));
  const deny = join(folder, "deny.yaml");
  writeFileSync(deny, namespaces.map(denyAll).join("---\n"));
  const served = await serve("-f", base);
  try {
    const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
    await breaks(page).getByText("No recorded flows are known.").waitFor();
    await dropFiles(page, [{ name: "deny.yaml", text: readFileSync(deny, "utf8") }]);
    await page.getByRole("alertdialog").getByRole("button", { name: "Add to the draft" }).click();
    await dropFiles(page, [{ name: "flows.jsonl", text: readFileSync(recorded, "utf8") }]);
    await breaks(page).getByText("flows.jsonl: 20 records of 20 flows.").waitFor();

    const given = ["-f", base, "-f", deny];
    const replay = JSON.parse(portcullis("replay", recorded, ...given, "-o", "json")) as Replay;
    const broken = breaks(page).getByRole("table", { name: "Flows that would be denied" });
    const newest = replay.denied.toSorted((a, b) => Date.parse(b.to) - Date.parse(a.to));
    const expected = newest.map(
      ({ source, destination, protocol, port, connections }) =>
        `− ${source.name} → ${destination.name}|${protocol} ${port}|${connections.toLocaleString("en")}`,
    );
    expect(expected.length).toBeGreaterThan(5);
    await expect.poll(() => rowsOf(broken), eventually).toEqual(expected);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => scrollWidth(page), eventually).toBeLessThanOrEqual(360);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 1280, height: 800 });

    // One that is chosen is kept, and the others stay.
    await breaks(page)
      .getByRole("checkbox", { name: "choose web/Deployment/frontend to api/Deployment/orders, TCP 3000" })
      .check();
    await breaks(page).getByText("the 1 chosen").waitFor();
    await breaks(page).getByRole("button", { name: "Keep these" }).click();
    await expect
      .poll(() => rowsOf(broken), eventually)
      .toEqual(expected.filter((each) => !each.includes("frontend → api/Deployment/orders|")));
    await page.getByRole("button", { name: "Remove it" }).click();
    await expect.poll(() => rowsOf(broken), eventually).toEqual(expected);

    await atRest(page);
    await breaks(page).getByRole("button", { name: "Keep these" }).click();
    await broken.waitFor({ state: "detached" });
    await breaks(page).getByText("recorded flows: 0 would be denied").waitFor();
    await page.getByText("Share and export").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download all as YAML" }).click(),
    ]);
    const suggested = portcullis(
      "suggest",
      recorded,
      ...given,
      "--only-denied",
      ...namespaces.flatMap((name) => ["-n", name]),
    );
    expect(readFileSync(await download.path(), "utf8")).toContain(`\n# keep-recorded.yaml\n${suggested}`);
    expect(problems).toEqual([]);
    await page.context().close();
  } finally {
    await served.stop();
  }
});

test("lines that cannot be read are told, and of thousands of flows the first are drawn and the others counted", async () => {
  const [line = ""] = readFileSync(recorded, "utf8").split("\n");
  const many = Array.from({ length: 1_500 }, (_, at) =>
    line.replace('"203.0.113.10"', `"198.18.${at >> 8}.${at & 255}"`),
  );
  const file = join(folder, "many.jsonl");
  writeFileSync(file, [...many, line.replace("203.0.113.10", "<b>x</b>"), "{", ""].join("\n"));
  const served = await serve("-f", join(shop, "frontend.yaml"), "-f", join(shop, "namespaces.yaml"));
  try {
    const { page, problems } = await openPage(browser, `${served.url}#/workbench`);
    await insertTemplate(page, "Deny all ingress", "web");
    await breaks(page).locator("input[type=file]").setInputFiles(file);
    await breaks(page).getByText("many.jsonl: 1,500 records of 1,500 flows; 2 lines refused.").waitFor();
    await breaks(page)
      .getByText('many.jsonl:1501: source.address: "<b>x</b>": must be an IPv4 or IPv6 address')
      .waitFor();
    await breaks(page).getByText("many.jsonl:1502: not JSON: {").waitFor();
    await breaks(page).getByText("1,500 recorded flows: 1,500 would be denied").waitFor();
    await breaks(page).getByText("and 1,400 more").waitFor();
    await breaks(page).getByRole("button", { name: "Show some" }).click();
    await breaks(page).getByText("and 1,000 more").waitFor();
    await breaks(page).getByRole("button", { name: "Close them" }).click();
    await breaks(page).getByText("No recorded flows are known.").waitFor();
    await breaks(page).getByText("would be denied").waitFor({ state: "detached" });
    expect(problems).toEqual([]);
    await page.context().close();
  } finally {
    await served.stop();
  }
});

const namespaces = ["api", "data", "kube-system", "tools", "web"];

const denyAll = (namespace: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: ${namespace}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;

interface Replay {
  readonly denied: readonly {
    readonly source: { readonly name: string };
    readonly destination: { readonly name: string };
    readonly protocol: string;
    readonly port: number;
    readonly connections: number;
    readonly to: string;
  }[];
}

/** As a user types it; finding something is no failure. */
function portcullis(...args: readonly string[]): string {
  const program = fileURLToPath(new URL("../../cli/bin/portcullis.mjs", import.meta.url));
  try {
    return execFileSync(process.execPath, [program, ...args], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

/** Flow, port and count of each row. */
async function rowsOf(table: Locator): Promise<readonly string[]> {
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.querySelectorAll("td")]
          .slice(1, 4)
          .map((cell) => cell.textContent.replace(/ at .*: why$/, "")),
      ),
    );
  return rows.map((cells) => cells.join("|"));
}

async function insertTemplate(page: Page, title: string, namespace: string): Promise<void> {
  await page.getByText("Templates", { exact: true }).click();
  await page.getByLabel(/^Template/).selectOption(title);
  await page.getByLabel("for namespace").selectOption(namespace);
  await page.getByRole("button", { name: `Insert as ${namespace}-` }).click();
}

/** One real packet; how it ended. */
function probe(page: Page, port = 80): Promise<string> {
  return page.evaluate(async (to) => {
    const answer = await fetch("api/probe", {
      method: "POST",
      headers: { "content-type": "application/json", "x-portcullis": "1" },
      body: JSON.stringify({
        source: "default/frontend",
        destination: "default/backend",
        protocol: "TCP",
        port: to,
      }),
    });
    return ((await answer.json()) as { readonly outcome: string }).outcome;
  }, port);
}
