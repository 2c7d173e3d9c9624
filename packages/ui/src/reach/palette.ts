import type { Palette } from "./matrix-paint.ts";

/** The tokens of design/tokens.css as the canvas needs them, for the colour scheme of now. */
export function paletteOf(element: HTMLElement): Palette {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    all: colour("allow"),
    allSoft: colour("allow-soft"),
    some: colour("partial"),
    someSoft: colour("partial-soft"),
    someHalf: colour("partial-half"),
    none: colour("deny"),
    noneSoft: colour("deny-soft"),
    line: colour("line"),
    text: colour("text"),
    quiet: colour("text-quiet"),
    page: colour("surface"),
    accent: colour("accent"),
  };
  probe.remove();
  return palette;
}
