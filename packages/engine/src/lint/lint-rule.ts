import type { Severity } from "../model/diagnostic.ts";
import type { SourceRange } from "../model/source.ts";
import type { Fix, RelatedPlace } from "./finding.ts";
import type { LintContext } from "./lint-context.ts";

/** One thing that lint looks for. Its page is docs/lint/CODE.md: what, why, a bad and a good example, how to mend. */
export interface LintRule {
  /** Kebab-case; the name of the page, of the setting and of the SARIF rule. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in a few words without a full stop. */
  readonly title: string;
  /** Why it matters and what to do, in one or two sentences. */
  readonly help: string;
  check(context: LintContext): Iterable<Found>;
}

/** A finding before its rule's code and severity are put on it. */
export interface Found extends Place {
  readonly message: string;
  /** Instead of the rule's own. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly fix?: Fix | undefined;
}

/** An object, or a part of it, and where that is written. */
export interface Place {
  readonly object?: string;
  readonly path: string;
  readonly range?: SourceRange;
}
