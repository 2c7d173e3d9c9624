import type { Extents } from "./extents.ts";
import { type MatrixGeometry, type Place, smallestNamed, visibleRange } from "./matrix-geometry.ts";
import type { Box, Extent } from "./scene.ts";

/** What is to be painted, besides the scene. Sizes in CSS pixels. */
export interface MatrixView {
  readonly geometry: MatrixGeometry;
  readonly scrolled: { readonly x: number; readonly y: number };
  readonly width: number;
  readonly height: number;
  readonly active: Place | undefined;
  readonly chosen: Place | undefined;
  /** Cells that an edit changed; none when absent. */
  readonly changed?: (from: number, to: number) => boolean;
  /** What real packets said of a cell; undefined where none was sent. */
  readonly observed?: (from: number, to: number) => Observed | undefined;
}

/** Whether what was seen is what was predicted. */
export type Observed = "agrees" | "disagrees";

/** The colours, read from the page's tokens. */
export type Palette = Readonly<
  Record<
    `${Exclude<Extent, "void">}${"" | "Soft"}` | "someHalf" | "line" | "text" | "quiet" | "page" | "accent",
    string
  >
>;

const plain = { all: "all", some: "someHalf", none: "noneSoft" } as const;

/** Below this size a mark cannot be told from a blot, and cells are plain: light, dark, and half way for what is partial. */
const smallestMarked = 8;

/** Paints the part of the matrix that is to be seen. */
export function paintMatrix(
  canvas: CanvasRenderingContext2D,
  extents: Extents,
  view: MatrixView,
  palette: Palette,
): void {
  const { geometry, scrolled, width, height } = view;
  canvas.clearRect(0, 0, width, height);
  const columns = visibleRange(geometry, scrolled.x, width - geometry.left);
  const rows = visibleRange(geometry, scrolled.y, height - geometry.top);
  canvas.save();
  canvas.beginPath();
  canvas.rect(geometry.left, geometry.top, width - geometry.left, height - geometry.top);
  canvas.clip();
  for (let from = rows.first; from < rows.last; from++) {
    for (let to = columns.first; to < columns.last; to++) {
      const [x, y] = corner(view, from, to);
      paintCell(canvas, extents.at(from, to), x, y, geometry.cell, palette);
      const observed = view.observed?.(from, to);
      if (observed !== undefined) paintObserved(canvas, observed, x, y, geometry.cell, palette);
      if (view.changed?.(from, to) === true) outline(canvas, x, y, geometry.cell, palette.text);
    }
  }
  for (const place of [view.chosen, view.active]) {
    if (place === undefined) continue;
    const [x, y] = corner(view, place.from, place.to);
    outline(canvas, x - 1, y - 1, geometry.cell + 2, palette.accent);
  }
  canvas.restore();
  paintLabels(canvas, extents.scene.boxes, view, rows, columns, palette);
}

/** Where a cell is on the canvas, in CSS pixels. */
export function corner({ geometry: { left, top, cell }, scrolled }: MatrixView, from: number, to: number) {
  return [left + to * cell - scrolled.x, top + from * cell - scrolled.y] as const;
}

function paintCell(
  canvas: CanvasRenderingContext2D,
  extent: Extent,
  x: number,
  y: number,
  cell: number,
  palette: Palette,
): void {
  if (extent === "void") return;
  const size = cell < smallestMarked ? cell : cell - 2;
  if (cell < smallestMarked) {
    canvas.fillStyle = palette[plain[extent]];
    canvas.fillRect(x, y, size, size);
    return;
  }
  const [px, py] = [x + 1, y + 1];
  canvas.fillStyle = extent === "all" ? palette.all : palette[`${extent}Soft`];
  canvas.fillRect(px, py, size, size);
  if (extent === "some") {
    // The lower half: some of it passes.
    canvas.fillStyle = palette.some;
    canvas.beginPath();
    canvas.moveTo(px, py + size);
    canvas.lineTo(px + size, py + size);
    canvas.lineTo(px + size, py);
    canvas.fill();
  } else {
    mark(canvas, extent, px, py, size, extent === "all" ? palette.page : palette.none);
  }
}

/** A tick for what passes, a cross for what does not. */
function mark(
  canvas: CanvasRenderingContext2D,
  extent: "all" | "none",
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  const at = (share: number) => share * size;
  canvas.strokeStyle = colour;
  canvas.lineWidth = Math.max(1, size / 12);
  canvas.beginPath();
  if (extent === "all") {
    canvas.moveTo(x + at(0.25), y + at(0.55));
    canvas.lineTo(x + at(0.43), y + at(0.72));
    canvas.lineTo(x + at(0.76), y + at(0.3));
  } else {
    canvas.moveTo(x + at(0.32), y + at(0.32));
    canvas.lineTo(x + at(0.68), y + at(0.68));
    canvas.moveTo(x + at(0.68), y + at(0.32));
    canvas.lineTo(x + at(0.32), y + at(0.68));
  }
  canvas.stroke();
}

/** A corner that is filled: seen. A thick frame besides: and not as predicted. */
function paintObserved(
  canvas: CanvasRenderingContext2D,
  observed: Observed,
  x: number,
  y: number,
  cell: number,
  palette: Palette,
): void {
  const size = Math.max(2, cell / 3);
  canvas.fillStyle = palette.text;
  canvas.beginPath();
  canvas.moveTo(x + cell - 1, y + 1);
  canvas.lineTo(x + cell - 1 - size, y + 1);
  canvas.lineTo(x + cell - 1, y + 1 + size);
  canvas.fill();
  if (observed === "disagrees") {
    canvas.strokeStyle = palette.text;
    canvas.lineWidth = 3;
    canvas.strokeRect(x + 2, y + 2, Math.max(cell - 4, 1), Math.max(cell - 4, 1));
  }
}

function outline(canvas: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  canvas.strokeStyle = colour;
  canvas.lineWidth = size < 6 ? 1 : 2;
  canvas.strokeRect(x + 1, y + 1, Math.max(size - 2, 1), Math.max(size - 2, 1));
}

type Range = ReturnType<typeof visibleRange>;

function paintLabels(
  canvas: CanvasRenderingContext2D,
  boxes: readonly Box[],
  view: MatrixView,
  rows: Range,
  columns: Range,
  palette: Palette,
): void {
  const { cell, left, top } = view.geometry;
  if (cell < smallestNamed) return;
  canvas.textBaseline = "middle";
  const face = `${Math.min(13, cell)}px system-ui, sans-serif`;
  for (let from = rows.first; from < rows.last; from++) {
    const [, y] = corner(view, from, 0);
    if (y < top - cell / 2) continue;
    canvas.font = view.active?.from === from ? `600 ${face}` : face;
    canvas.fillStyle = palette.text;
    canvas.textAlign = "right";
    canvas.fillText(fitting(canvas, boxes[from]!.label, left - 12), left - 6, y + cell / 2);
  }
  for (let to = columns.first; to < columns.last; to++) {
    const [x] = corner(view, 0, to);
    if (x < left - cell / 2) continue;
    canvas.font = view.active?.to === to ? `600 ${face}` : face;
    canvas.fillStyle = palette.text;
    canvas.textAlign = "left";
    canvas.save();
    canvas.translate(x + cell / 2, top - 6);
    canvas.rotate(-Math.PI / 2);
    canvas.fillText(fitting(canvas, boxes[to]!.label, top - 12), 0, 0);
    canvas.restore();
  }
}

function fitting(canvas: CanvasRenderingContext2D, text: string, width: number): string {
  if (canvas.measureText(text).width <= width) return text;
  let kept = [...text];
  while (kept.length > 1 && canvas.measureText(`${kept.join("")}…`).width > width) kept = kept.slice(0, -1);
  return `${kept.join("")}…`;
}
