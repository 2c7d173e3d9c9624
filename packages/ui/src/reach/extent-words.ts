import type { Passage } from "./scene.ts";

/** What passes, in one clause: `TCP 8080, 3 of 12 pairs`. */
export function passageText({ extent, ports, pairs, open }: Passage): string {
  if (extent === "void") return "the same peer";
  if (extent === "none") return "nothing may pass";
  const share = pairs === 1 || open === pairs ? "" : `, ${open} of ${pairs} pairs`;
  return `${ports === "several" ? "several ports" : ports}${share}`;
}
