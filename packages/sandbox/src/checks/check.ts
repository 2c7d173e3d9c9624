/** One thing that a sandbox needs of the machine, or can make use of. */
export interface Check {
  /** What was looked at, in a few words. */
  readonly check: string;
  readonly ok: boolean;
  /** Without it no sandbox starts. */
  readonly required: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to type or do; empty when all is well. */
  readonly mend: string;
}
