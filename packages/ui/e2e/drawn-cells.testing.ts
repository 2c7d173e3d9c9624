import type { Page } from "playwright-core";
import { vi } from "vitest";
import { eventually } from "./browser.ts";

/** What the matrix draws of pairs of boxes, by their ids, as soon as it draws all of them. */
export function drawnCells(
  page: Page,
  pairs: readonly (readonly [from: string, to: string])[],
): Promise<readonly string[]> {
  const canvas = page.getByRole("grid").locator("canvas");
  return vi.waitFor(async () => {
    const drawn = await canvas.evaluate((element, asked) => {
      const { cellAt } = element as unknown as Drawing;
      return asked.map(([from, to]) => cellAt?.(from, to));
    }, pairs);
    return drawn.map((extent, at) => {
      if (extent === undefined) throw new Error(`not drawn: ${pairs[at]!.join(" → ")}`);
      return extent;
    });
  }, eventually);
}

/** What the page hangs on its canvas once it has painted it. */
interface Drawing {
  /** Undefined for a box that is not there. */
  readonly cellAt?: (from: string, to: string) => string | undefined;
}
