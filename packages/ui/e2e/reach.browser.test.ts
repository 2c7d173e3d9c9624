import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, type PortSet, readManifests } from "@portcullis/engine";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, atRest, eventually, openBrowser, openPage } from "./browser.ts";
import { drawnCells } from "./drawn-cells.testing.ts";
import { type Served, serve } from "./served.ts";

const folder = join(import.meta.dirname, "../../../examples/three-tier-shop");
let browser: Browser;
let served: Served;

beforeAll(async () => {
  [browser, served] = await Promise.all([openBrowser(), serve("-f", folder)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()]);
});

test("what the matrix draws is what the engine says, cell by cell", async () => {
  const { page, problems } = await openPage(browser, served.url);
  await page.getByRole("button", { name: "matrix", exact: true }).click();
  await page.getByRole("button", { name: "Open all namespaces" }).click();
  const cluster = new Cluster();
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  const texts = files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
  for (const object of readManifests(texts).objects) cluster.upsert(object);
  const pods = cluster.pods();
  const id = ({ namespace, workload, name }: (typeof pods)[number]) =>
    `${namespace}/${workload?.kind ?? "Pod"}/${name}`;
  const pairs = pods.flatMap((source) =>
    pods.filter((each) => each !== source).map((destination) => [source, destination] as const),
  );
  const ids = pairs.map(([source, destination]) => [id(source), id(destination)] as const);
  const drawn = await drawnCells(page, ids);
  for (const [at, [source, destination]] of pairs.entries()) {
    const ports = cluster.allowedPorts({ pod: source }, { pod: destination });
    expect(drawn[at], ids[at]!.join(" → ")).toBe(extentOf(ports));
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test("a cell that is chosen is explained, by keyboard alone", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/reach/matrix?find=ns:data`);
  const grid = page.getByRole("grid");
  await atRest(page);
  await grid.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const why = page.getByRole("complementary", { name: "Why: backup → db" });
  await why.getByText("data/database").first().waitFor();
  await expect.poll(() => why.textContent(), eventually).toMatch(/policies\.yaml:\d+/);
  await expect.poll(() => page.url(), eventually).toContain("source=");
  await page.goBack();
  await why.waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

test("a graph is opened and explained by keyboard alone", async () => {
  const { page, problems } = await openPage(browser, `${served.url}#/reach/graph`);
  const box = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
  await box("namespace data").waitFor();
  await atRest(page);
  await box("namespace data").focus();
  await page.keyboard.press("Enter");
  await box("data/StatefulSet/db").waitFor();
  await atRest(page);
  await page.locator('.react-flow__edge[data-id="data/CronJob/backup → data/StatefulSet/db"]').focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Why: backup → db" }).waitFor();
  expect(problems).toEqual([]);
});

function extentOf(ports: PortSet): string {
  if (ports.isEmpty) return "none";
  return ports.key === "SCTP1-65535,TCP1-65535,UDP1-65535*" ? "all" : "some";
}
