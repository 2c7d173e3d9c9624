import type { Severity } from "../model/diagnostic.ts";
import type { SourceRange } from "../model/source.ts";

/** What a lint rule has to say about one place. The shape of a Diagnostic, with the rule's code. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  /** Whole sentences, without the code and the place. */
  readonly message: string;
  /** Field path in the object, `spec.ingress[0].from[1]`; "" for the whole object. */
  readonly path: string;
  /** `NetworkPolicy default/web`. */
  readonly object?: string;
  /** Absent for what was not read from a file. */
  readonly range?: SourceRange;
  readonly related?: readonly RelatedPlace[];
  readonly fix?: Fix;
}

export interface RelatedPlace {
  readonly message: string;
  readonly range: SourceRange;
}

/** A change of the source that mends a finding. */
export interface Fix {
  /** In the imperative: `remove the rule`. */
  readonly title: string;
  /** Whether the policies mean the same after it, for any pods. Others are proposals. */
  readonly safe: boolean;
  /** Do not overlap. */
  readonly edits: readonly TextEdit[];
}

/** Replaces the UTF-16 code units `start`..`end` (exclusive) of a file. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
