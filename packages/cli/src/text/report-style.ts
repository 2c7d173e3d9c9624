import type { Style } from "@portcullis/engine";
import type { Colors } from "../io/io.ts";

/** The engine's reports in our colours. */
export function reportStyle(colors: Colors): Style {
  return { bold: colors.bold, dim: colors.dim, allow: colors.green, deny: colors.red };
}
