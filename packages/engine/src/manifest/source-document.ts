import type { Segment } from "./field-error.ts";

/** Offsets into the file's text, in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One document of a file as plain JavaScript data, with the places that its parts came from. */
export interface SourceDocument {
  /** What kubectl would send: null, boolean, number, string, array, or object with own string keys. */
  readonly value: unknown;
  /** Reads the value once more, where that is cheap: whoever may never need it again need not keep it. */
  readonly again?: () => unknown;
  /** Paths of fields that are written more than once; the last one counts. */
  readonly duplicates: readonly (readonly Segment[])[];
  /**
   * The place of a value, or of the key that it stands at. A path that is not there gives the place of its nearest
   * ancestor that is (its key when it has one), so that every error has a place.
   */
  locate(path: readonly Segment[], part: "value" | "key"): Span;
  /** YAML scalars without quotes may be something else than the text they look like; JSON has no such trap. */
  readonly syntax: "yaml" | "json";
}

/** Why a text could not be read at all. */
export interface SourceProblem {
  readonly code: "syntax" | "limit";
  readonly message: string;
  readonly span: Span;
}

export type SourceResult =
  | { readonly document: SourceDocument; readonly problem?: never }
  | { readonly problem: SourceProblem; readonly document?: never };

/** Sets an own property also when it is called `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
