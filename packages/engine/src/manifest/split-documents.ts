import type { Span } from "./source-document.ts";

export interface DocumentSlice extends Span {
  /** Text that follows `---` on its line, which kubectl refuses. */
  readonly badSeparator?: Span;
}

/**
 * Cuts a file where kubectl does (k8s.io/apimachinery/pkg/util/yaml, YAMLReader): at every line that begins with `---`
 * and holds nothing else but spaces and a comment. Each slice is a text of its own, so that an error in one document
 * leaves the others readable and anchors do not reach from one to the next.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  let lineStart = start;
  while (lineStart < text.length) {
    const lineFeed = text.indexOf("\n", lineStart);
    const lineEnd = lineFeed < 0 ? text.length : lineFeed;
    if (text.startsWith("---", lineStart)) {
      const rest = text.slice(lineStart + 3, lineEnd).trim();
      if (rest === "" || rest.startsWith("#")) {
        slices.push({ start, end: lineStart });
        start = lineEnd;
      } else {
        slices.push({ start, end: lineStart, badSeparator: { start: lineStart, end: lineEnd } });
        start = lineEnd;
      }
    }
    lineStart = lineEnd + 1;
  }
  slices.push({ start: Math.min(start, text.length), end: text.length });
  return slices;
}
