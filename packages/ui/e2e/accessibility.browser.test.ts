import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems, atRest, eventually, openBrowser, openPage, scrollWidth } from "./browser.ts";
import { type Served, serve } from "./served.ts";

let browser: Browser;
let served: Served;

beforeAll(async () => {
  const shop = join(import.meta.dirname, "../../../examples/three-tier-shop");
  [browser, served] = await Promise.all([openBrowser(), serve("-f", shop)]);
});

afterAll(async () => {
  await Promise.all([browser?.close(), served?.stop()]);
});

const views = [
  { link: "#/reach/graph", shows: ".react-flow__node" },
  { link: "#/reach/list", shows: "tbody tr" },
  { link: "#/reach/matrix", shows: "canvas" },
  { link: "#/workbench", shows: ".cm-content" },
  { link: "#/live", shows: "h1" },
  { link: "#/tutorial", shows: "h1" },
] as const;

test.each(views)(
  "$link: axe finds nothing, in light and dark, and nothing is wider than a phone",
  async ({ link, shows }) => {
    const { page, problems } = await openPage(browser, served.url + link, { colorScheme: "light" });
    await page.locator(shows).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => scrollWidth(page), eventually).toBeLessThanOrEqual(360);
    await atRest(page);
    expect(await scrollWidth(page)).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);
