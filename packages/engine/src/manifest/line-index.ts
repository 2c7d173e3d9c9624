import type { Position, SourceRange } from "../model/source.ts";
import type { Span } from "./source-document.ts";

/** Turns offsets of one text into lines and columns; lines end at a line feed, as editors count them. */
export class LineIndex {
  readonly #file: string;
  readonly #lineStarts: number[] = [0];

  constructor(file: string, text: string) {
    this.#file = file;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
  }

  range(span: Span): SourceRange {
    return { file: this.#file, start: this.#position(span.start), end: this.#position(span.end) };
  }

  #position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1, offset };
  }
}
