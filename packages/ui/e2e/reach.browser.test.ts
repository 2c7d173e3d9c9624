import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, type PortSet, readManifests } from "@portcullis/engine";
import type { Browser, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, atRest, dropFiles, eventually, openBrowser, openPage } from "./browser.ts";
import { drawnCells } from "./drawn-cells.testing.ts";
import { contrast, luminances } from "./luminance.testing.ts";
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

const arrows = `${["a", "b", "c"]
  .map(
    (name) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\n` +
      "spec: {containers: [{name: c, image: nginx}]}\n---\n",
  )
  .join("")}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: c}
spec:
  podSelector: {matchLabels: {app: c}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: a}}}]
    - from: [{podSelector: {matchLabels: {app: b}}}]
      ports: [{port: 80}]
`;
const cluster = new Cluster();
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
const texts = files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
for (const object of readManifests(texts).objects) cluster.upsert(object);
const pods = cluster.pods();
const pairs = pods.flatMap((source) =>
  pods.filter((each) => each !== source).map((destination) => [source, destination] as const),
);
const ids = pairs.map(([source, destination]) => [idOf(source), idOf(destination)] as const);

test("what the matrix draws is what the engine says, cell by cell", async () => {
  const { page, problems } = await openPage(browser, served.url);
  await page.getByRole("button", { name: "matrix", exact: true }).click();
  await page.getByRole("button", { name: "Open all namespaces" }).click();
  const drawn = await drawnCells(page, ids);
  for (const [at, [source, destination]] of pairs.entries()) {
    const ports = cluster.allowedPorts({ pod: source }, { pod: destination });
    expect(drawn[at], ids[at]!.join(" → ")).toBe(extentOf(ports));
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "allowed, partial and denied are told apart without any colour, in %s",
  async (colorScheme) => {
    const { page, problems } = await openPage(browser, `${served.url}#/reach/matrix`, { colorScheme });
    await page.getByRole("button", { name: "Open all namespaces" }).click();
    const drawn = await drawnCells(page, ids);
    const extents = ["all", "some", "none"] as const;
    const cells = extents.map((extent) => ids[drawn.lastIndexOf(extent)]!);
    // Marks: of any two kinds a tenth of the cell differs by 3:1 (WCAG 2.2, 1.4.11). Plain cells: by 1.8:1.
    for (const size of [1, 2, 4, 8, 12, 16, 22, 28]) {
      await page.getByLabel(/^Size/).selectOption(String(size));
      const read = () => luminances(page, size, cells);
      await expect.poll(read, eventually).toBeDefined();
      const [all, some, none] = (await read())!;
      const pairs = { "all, some": [all, some], "all, none": [all, none], "some, none": [some, none] };
      for (const [kinds, [a, b]] of Object.entries(pairs)) {
        const contrasts = a!.flatMap((each, at) =>
          each === undefined || b![at] === undefined ? [] : contrast(each, b![at]),
        );
        const least = size < 8 ? 1.8 : 3;
        const apart = contrasts.filter((each) => each >= least).length / contrasts.length;
        expect(apart, `${kinds} at ${size} px`).toBeGreaterThanOrEqual(size < 8 ? 1 : 0.1);
      }
    }

    // The shop lets nothing pass at all ports.
    await page.getByRole("button", { name: "graph", exact: true }).click();
    await dropFiles(page, [{ name: "arrows.yaml", text: arrows }]);
    await page.getByRole("button", { name: "Open instead" }).click();
    await page.getByRole("link", { name: "Reach" }).click();
    await page.locator(".react-flow__edge.all").first().waitFor({ state: "attached" });
    await atRest(page);
    const edges = await page.locator(".react-flow__edge").evaluateAll((elements) =>
      elements.map((element) => {
        const path = element.querySelector(".react-flow__edge-path")!;
        const { strokeDasharray: dashes, strokeWidth: width } = getComputedStyle(path);
        const kind = element.classList.contains("all") ? "all" : "some";
        return { kind, dashes, width, isNamed: /\w/.test(element.querySelector("text")?.textContent ?? "") };
      }),
    );
    expect([...new Set(edges.map((edge) => JSON.stringify(edge)))].sort()).toEqual([
      '{"kind":"all","dashes":"none","width":"2.5px","isNamed":true}',
      '{"kind":"some","dashes":"6px, 3px","width":"1.5px","isNamed":true}',
    ]);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

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
  await page.goForward();
  await why.getByRole("button", { name: "Close the explanation" }).press("Enter");
  await why.waitFor({ state: "detached" });
  await page.locator("[role=grid]:focus").waitFor();
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

function idOf({ namespace, workload, name }: (typeof pods)[number]): string {
  return `${namespace}/${workload?.kind ?? "Pod"}/${name}`;
}

test.each([
  ["does not answer", (route: Route) => route.abort(), "portcullis does not answer"],
  [
    "says what is wrong",
    (route: Route) => route.fulfill({ status: 500, json: { error: "pods is forbidden" } }),
    "pods is forbidden",
  ],
])("a server that %s is told of, and asked again", async (_, answer, words) => {
  const { page } = await openPage(browser, served.url);
  await atRest(page);
  await page.route("**/api/world", answer);
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: `could not be read: ${words}.` });
  await alert.waitFor();
  expect(await page.getByText("Reading").count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.unroute("**/api/world");
  await page.getByRole("button", { name: "Try again" }).click();
  await atRest(page);
  await alert.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "matrix", exact: true }).waitFor();
});
