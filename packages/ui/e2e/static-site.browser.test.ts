import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atRest, openBrowser, openPage } from "./browser.ts";

const site = join(import.meta.dirname, "../dist/site");
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};
let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  // Any server of files, in a folder of its own, without a header that would help.
  server = createServer(({ url: path = "/" }, response) => {
    const file = path.replace(/^\/folder\/(?:\?.*)?$/, "/folder/index.html").replace(/^\/folder/, "");
    try {
      const text = readFileSync(join(site, file));
      response
        .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
        .end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/folder/`;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

test("without a server of ours it begins with an example, and says that no kernel is behind it", async () => {
  const { page, problems } = await openPage(browser, url);
  await page.getByText("the example of a shop").waitFor();
  await page.locator(".react-flow__node").first().waitFor();
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("There is no kernel behind this page").waitFor();
  expect(problems).toEqual([]);
});

test("the first route loads less than 250 KB of JavaScript, as a server would compress it", async () => {
  const { gzipSync } = await import("node:zlib");
  const loaded = new Set<string>();
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("request", (request) => loaded.add(new URL(request.url()).pathname));
  await page.goto(url);
  await page.locator(".react-flow__node").first().waitFor();
  await atRest(page);
  // And what may be loaded besides, later than what is seen.
  await page.waitForLoadState("networkidle");
  const scripts = [...loaded].filter((path) => path.endsWith(".js"));
  const bytes = scripts.map(
    (path) => gzipSync(readFileSync(join(site, path.replace("/folder/", "")))).length,
  );
  expect(scripts.length).toBeGreaterThan(2);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(250_000);
  await context.close();
});
