import type { Page } from "playwright-core";

/** A cell by the ids of its ends. */
export type Cell = readonly [from: string, to: string];

/**
 * The relative luminance (WCAG 2.2) of each pixel of cells that are drawn at a size in CSS pixels, row by row, and
 * undefined where nothing is painted; undefined as long as they are drawn at another size.
 */
export function luminances(
  page: Page,
  size: number,
  cells: readonly Cell[],
): Promise<readonly (readonly (number | undefined)[])[] | undefined> {
  const canvas = page.getByRole("grid").locator("canvas");
  return canvas.evaluate(
    (element, asked) => {
      const { squareAt } = element as unknown as Drawing;
      const squares = asked.cells.map(([from, to]) => squareAt?.(from, to));
      const context = (element as HTMLCanvasElement).getContext("2d")!;
      const linear = (value: number) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      const read = ([x, y, side]: readonly [number, number, number]) => {
        const { data } = context.getImageData(x, y, side, side);
        return Array.from({ length: side * side }, (_, at) => {
          const [red, green, blue, opaque] = data.subarray(at * 4, at * 4 + 4);
          if (opaque !== 255) return undefined;
          return 0.2126 * linear(red!) + 0.7152 * linear(green!) + 0.0722 * linear(blue!);
        });
      };
      if (squares.some((square) => square?.[2] !== asked.size)) return undefined;
      return squares.map((square) => read(square!));
    },
    { cells, size },
  );
}

/** The contrast ratio (WCAG 2.2) of two relative luminances: from 1 to 21. */
export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** What the page hangs on its canvas once it has painted it. */
interface Drawing {
  readonly squareAt?: (from: string, to: string) => readonly [x: number, y: number, size: number];
}
