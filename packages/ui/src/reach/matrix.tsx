import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { passageText } from "./extent-words.ts";
import { Extents } from "./extents.ts";
import { cellSizes, fittingCell, geometryOf, moved, type Place, placeAt } from "./matrix-geometry.ts";
import { corner, type MatrixView, type Observed, paintMatrix } from "./matrix-paint.ts";
import { paletteOf } from "./palette.ts";
import { passage, type Scene } from "./scene.ts";
import "./matrix.css";

export interface MatrixProps {
  readonly scene: Scene;
  readonly chosen: Place | undefined;
  readonly onChoose: (place: Place) => void;
  /** Cells that an edit changed. */
  readonly changed?: (from: number, to: number) => boolean;
  /** What real packets said. */
  readonly observed?: (from: number, to: number) => Observed | undefined;
}

/** Sources by rows, destinations by columns, drawn on a canvas; read to a screen reader cell by cell. */
export function Matrix({ scene, chosen, onChoose, changed, observed }: MatrixProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cellId = useId();
  const extents = useMemo(() => new Extents(scene), [scene]);
  const count = scene.boxes.length;
  const longest = useMemo(() => Math.max(0, ...scene.boxes.map(({ label }) => label.length)), [scene]);
  const { width, height } = useSize(scroller);
  const [asked, setAsked] = useState<number>();
  const cell = asked ?? fittingCell(count, width, height, longest);
  const geometry = geometryOf(count, cell, longest);
  const [active, setActive] = useState<Place>({ from: 0, to: 0 });
  const [scrolled, setScrolled] = useState({ x: 0, y: 0 });
  const scheme = useColourScheme();
  const here = { from: Math.min(active.from, count - 1), to: Math.min(active.to, count - 1) };

  useEffect(() => {
    const [target, element] = [canvas.current, scroller.current];
    const context = target?.getContext("2d");
    if (!target || !element || !context || width === 0) return;
    const scale = devicePixelRatio;
    target.width = width * scale;
    target.height = height * scale;
    context.scale(scale, scale);
    const view: MatrixView = {
      geometry,
      scrolled,
      width,
      height,
      active: here,
      chosen,
      ...(changed && { changed }),
      ...(observed && { observed }),
    };
    void scheme;
    paintMatrix(context, extents, view, paletteOf(element));
    // What is drawn, for tests: the extent of a cell by the ids of its ends, and where it is.
    const places = new Map(scene.boxes.map(({ id }, at) => [id, at]));
    const ends = (from: string, to: string) => [places.get(from)!, places.get(to)!] as const;
    Object.assign(target, {
      cellAt: (from: string, to: string) => extents.at(...ends(from, to)),
      squareAt: (from: string, to: string) => [...corner(view, ...ends(from, to)), cell],
    });
  });

  function go(place: Place): void {
    setActive(place);
    const element = scroller.current;
    if (element === null) return;
    reveal(element, "scrollLeft", place.to * cell, cell, width - geometry.left);
    reveal(element, "scrollTop", place.from * cell, cell, height - geometry.top);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") onChoose(here);
    else {
      const next = moved(here, event, count);
      if (next === undefined) return;
      go(next);
    }
    event.preventDefault();
  }

  function under(event: MouseEvent): Place | undefined {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < geometry.left || y < geometry.top) return undefined;
    return placeAt(geometry, x + scrolled.x, y + scrolled.y);
  }

  const from = scene.boxes[here.from];
  const to = scene.boxes[here.to];
  const text =
    from && to
      ? `${from.label} → ${to.label}: ${passageText(passage(scene, from, to))}${seenText(observed?.(here.from, here.to))}`
      : "nothing to show";
  return (
    <div className="matrix">
      <div className="matrix-tools">
        <label>
          Size{" "}
          <select
            value={asked ?? "fit"}
            onChange={({ target }) => setAsked(target.value === "fit" ? undefined : Number(target.value))}
          >
            <option value="fit">to fit</option>
            {cellSizes.map((size) => (
              <option key={size} value={size}>
                {size} px
              </option>
            ))}
          </select>
        </label>
        <output className="matrix-status" aria-live="polite">
          {text}
        </output>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a table of a million cells cannot be drawn; the list view is one */}
      <div
        ref={scroller}
        className="matrix-scroll"
        role="grid"
        aria-label="Who may reach whom: sources by rows, destinations by columns"
        aria-rowcount={count}
        aria-colcount={count}
        aria-activedescendant={cellId}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) =>
          setScrolled({ x: currentTarget.scrollLeft, y: currentTarget.scrollTop })
        }
      >
        <div
          className="matrix-space"
          style={{ width: geometry.left + count * cell, height: geometry.top + count * cell }}
        >
          <canvas
            ref={canvas}
            style={{ width, height }}
            onMouseMove={(event) => {
              const place = under(event);
              if (place) setActive(place);
            }}
            onClick={(event) => {
              const place = under(event);
              if (place) onChoose(place);
            }}
          />
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div role="row" tabIndex={-1} className="only-read" aria-rowindex={here.from + 1}>
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            <div role="gridcell" tabIndex={-1} id={cellId} aria-colindex={here.to + 1}>
              {text}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

function seenText(observed: Observed | undefined): string {
  if (observed === undefined) return "";
  return observed === "agrees" ? "; seen so" : "; seen otherwise";
}

/** Scrolls as little as shows a stretch. */
function reveal(
  element: HTMLElement,
  side: "scrollLeft" | "scrollTop",
  start: number,
  length: number,
  shown: number,
): void {
  if (start < element[side]) element[side] = start;
  else if (start + length > element[side] + shown) element[side] = start + length - shown;
}

function useSize(ref: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Draws anew when the colours change. */
function useColourScheme(): boolean {
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const listen = () => setDark(query.matches);
    query.addEventListener("change", listen);
    return () => query.removeEventListener("change", listen);
  }, []);
  return dark;
}
