/** Where a matrix of square cells lies behind its two gutters of labels, in CSS pixels. */
export interface MatrixGeometry {
  /** Boxes on each side. */
  readonly count: number;
  /** Width and height of a cell. */
  readonly cell: number;
  /** Width of the row labels, height of the column labels. */
  readonly left: number;
  readonly top: number;
}

export const cellSizes = [1, 2, 4, 8, 12, 16, 22, 28, 36] as const;

/** Below this size names cannot be read. */
export const smallestNamed = 12;

/** The largest cell with which the whole matrix is to be seen. */
export function fittingCell(count: number, width: number, height: number, longest = 20): number {
  const fits = (cell: number) => {
    const { left, top } = geometryOf(count, cell, longest);
    return left + count * cell <= width && top + count * cell <= height;
  };
  return cellSizes.findLast(fits) ?? cellSizes[0];
}

/** @param longest characters of the longest name. */
export function geometryOf(count: number, cell: number, longest = 20): MatrixGeometry {
  const named = cell >= smallestNamed;
  const label = named ? Math.min(Math.max(longest, 6), 26) * 8 + 16 : 12;
  return { count, cell, left: label, top: label };
}

export interface Place {
  readonly from: number;
  readonly to: number;
}

/** The cell at a point of the whole matrix, scrolled or not; undefined over the gutters and beyond. */
export function placeAt({ count, cell, left, top }: MatrixGeometry, x: number, y: number): Place | undefined {
  const [to, from] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
  return from >= 0 && to >= 0 && from < count && to < count ? { from, to } : undefined;
}

/** The cells that a viewport shows behind the gutters, `last` exclusive. */
export function visibleRange(
  { count, cell }: MatrixGeometry,
  scrolled: number,
  shown: number,
): { readonly first: number; readonly last: number } {
  return {
    first: Math.max(0, Math.floor(scrolled / cell)),
    last: Math.min(count, Math.ceil((scrolled + shown) / cell)),
  };
}

/** One step by key, as in a spreadsheet; undefined for other keys. Ctrl goes to the end. */
export function moved(
  { from, to }: Place,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  count: number,
): Place | undefined {
  const within = (place: number) => Math.min(Math.max(place, 0), count - 1);
  const step = ctrlKey ? count : 1;
  switch (key) {
    case "ArrowUp":
      return { from: within(from - step), to };
    case "ArrowDown":
      return { from: within(from + step), to };
    case "ArrowLeft":
      return { from, to: within(to - step) };
    case "ArrowRight":
      return { from, to: within(to + step) };
    case "PageUp":
      return { from: within(from - 10), to };
    case "PageDown":
      return { from: within(from + 10), to };
    case "Home":
      return { from: ctrlKey ? 0 : from, to: 0 };
    case "End":
      return { from: ctrlKey ? count - 1 : from, to: count - 1 };
    default:
      return undefined;
  }
}
