import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster, readManifests } from "@portcullis/engine";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, openBrowser, openPage } from "./browser.ts";
import { drawnCells } from "./drawn-cells.testing.ts";
import { manyWorkloads } from "./many-workloads.ts";
import { serve } from "./served.ts";

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "portcullis-sizes-"));

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

test.each([10, 200, 1_000])(
  "graph, matrix and list of %i workloads say what the engine says",
  async (count) => {
    const file = join(folder, `${count}.yaml`);
    const text = manyWorkloads(count);
    writeFileSync(file, text);
    const served = await serve("-f", file);
    try {
      const { page, problems } = await openPage(browser, `${served.url}#/reach/matrix`);
      await page.getByRole("button", { name: "Open all namespaces" }).click();
      const grid = page.getByRole("grid");
      await expect.poll(() => grid.getAttribute("aria-rowcount"), eventually).toBe(String(count + 1));
      const cluster = new Cluster();
      for (const object of readManifests([{ file, text }]).objects) cluster.upsert(object);
      const pods = cluster.pods();
      const asked = sample(pods.length);
      const ids = asked.map(([from, to]) => [from, to].map((at) => idOf(pods[at]!)) as [string, string]);
      const drawn = await drawnCells(page, ids);
      for (const [index, [from, to]] of asked.entries()) {
        const ports = cluster.allowedPorts({ pod: pods[from]! }, { pod: pods[to]! });
        expect(drawn[index] === "none", ids[index]!.join(" → ")).toBe(ports.isEmpty);
      }

      await page.getByRole("button", { name: "graph", exact: true }).click();
      if (count <= 10) await page.locator(".react-flow__node").nth(count).waitFor();
      else await page.getByText("could not be read").waitFor();

      await page.getByRole("button", { name: "list", exact: true }).click();
      await page.locator("tbody tr").first().waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    } finally {
      await served.stop();
    }
  },
);

/** Some 400 pairs of different places, spread over all of them. */
function sample(count: number): readonly (readonly [number, number])[] {
  const step = Math.max(1, Math.floor((count * count) / 400)) | 1;
  const pairs: [number, number][] = [];
  for (let at = 1; at < count * count; at += step) {
    const [from, to] = [Math.floor(at / count), at % count];
    if (from !== to) pairs.push([from, to]);
  }
  return pairs;
}

function idOf({ namespace, workload, name }: ReturnType<Cluster["pods"]>[number]): string {
  return `${namespace}/${workload?.kind ?? "Pod"}/${name}`;
}
