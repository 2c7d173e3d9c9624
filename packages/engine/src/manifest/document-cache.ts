import type { SourceResult, Span } from "./source-document.ts";

/**
 * The documents of one file by their texts: when it is read again after an edit, only those that the edit touched are
 * parsed anew. Those that nobody asked for in the last reading are forgotten.
 */
export class DocumentCache {
  #former: ReadonlyMap<string, readonly SourceResult[]> = new Map();
  #current = new Map<string, readonly SourceResult[]>();

  /** To be called before each reading of the file. */
  begin(): void {
    this.#former = this.#current;
    this.#current = new Map();
  }

  /** What `parse` makes of a slice, with its places in a file where the slice begins at `offset`. */
  read(
    slice: string,
    offset: number,
    parse: (slice: string, offset: number) => readonly SourceResult[],
  ): readonly SourceResult[] {
    const known = this.#current.get(slice) ?? this.#former.get(slice) ?? parse(slice, 0);
    this.#current.set(slice, known);
    return offset === 0 ? known : known.map((result) => moved(result, offset));
  }
}

function moved({ document, problem }: SourceResult, offset: number): SourceResult {
  if (problem !== undefined) return { problem: { ...problem, span: movedSpan(problem.span, offset) } };
  const { locate } = document;
  return {
    document: { ...document, locate: (path, part) => movedSpan(locate(path, part), offset) },
  };
}

function movedSpan({ start, end }: Span, offset: number): Span {
  return { start: start + offset, end: end + offset };
}
