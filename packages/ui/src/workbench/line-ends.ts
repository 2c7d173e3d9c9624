import type { Text } from "@codemirror/state";

/**
 * Between a file and the editor, to which every line end is one character: a file whose lines all end in CRLF keeps them,
 * and offsets of one are turned into offsets of the other.
 */
export interface LineEnds {
  /** The file's text of what the editor has. */
  text(doc: Text): string;
  toFile(doc: Text, offset: number): number;
  /** What lies behind the end is at the end. */
  toEditor(doc: Text, offset: number): number;
}

export function lineEndsOf(text: string): LineEnds {
  return text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text) ? crlf : lf;
}

const lf: LineEnds = {
  text: (doc) => doc.toString(),
  toFile: (_, offset) => offset,
  toEditor: (doc, offset) => Math.min(offset, doc.length),
};

const crlf: LineEnds = {
  text: (doc) => doc.toString().replaceAll("\n", "\r\n"),
  toFile: (doc, offset) => offset + doc.lineAt(offset).number - 1,
  toEditor(doc, offset) {
    let [low, high] = [1, doc.lines];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (doc.line(middle).from + middle - 1 <= offset) low = middle;
      else high = middle - 1;
    }
    const { from, to } = doc.line(low);
    return Math.min(from + (offset - (from + low - 1)), to);
  },
};
