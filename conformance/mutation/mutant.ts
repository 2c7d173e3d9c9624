/** One small fault in one source file. */
export interface Mutant {
  /** Unique in a run; from 1, because 0 means that no mutant is active. */
  readonly id: number;
  /** From the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The expression that is replaced, as offsets in the file. Equal: nothing is replaced, the function returns here. */
  readonly start: number;
  readonly end: number;
  /** What stands there, and what the mutant puts there. */
  readonly original: string;
  readonly replacement: string;
  /** Evaluated when its module is loaded, and never again. */
  readonly static: boolean;
}

/** Where the number of the active mutant lies: a property of `globalThis`. */
const ACTIVE = "__portcullisMutant";

/**
 * The source with all its mutants in it, each behind a switch: one load serves them all. As only one is ever active, a
 * replacement is made of the original text.
 */
export function instrument(source: string, mutants: readonly Mutant[]): string {
  const insertions = mutants.flatMap(({ id, start, end, replacement }): Insertion[] => {
    const active = `globalThis.${ACTIVE}===${id}`;
    if (start === end) return [{ at: start, span: 0, opens: true, text: `if(${active})return;` }];
    return [
      { at: start, span: end - start, opens: true, text: `(${active}?(${replacement}):(` },
      { at: end, span: end - start, opens: false, text: "))" },
    ];
  });
  // At one place, what ends comes before what begins; what begins there and is wider is outside.
  insertions.sort(
    (a, b) =>
      a.at - b.at || Number(a.opens) - Number(b.opens) || (a.opens ? b.span - a.span : a.span - b.span),
  );
  let result = "";
  let done = 0;
  for (const { at, text } of insertions) {
    result += source.slice(done, at) + text;
    done = at;
  }
  return result + source.slice(done);
}

interface Insertion {
  readonly at: number;
  readonly span: number;
  readonly opens: boolean;
  readonly text: string;
}

/** Makes one mutant active, or none. */
export function activate(id: number): void {
  Object.assign(globalThis, { [ACTIVE]: id });
}
