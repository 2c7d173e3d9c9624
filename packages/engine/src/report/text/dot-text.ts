/** A quoted string of the DOT language: only the quote ends it, and a backslash begins an escape of a label. */
export function dotText(text: string): string {
  return `"${text
    .replace(/\p{Cc}+/gu, " ")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')}"`;
}
