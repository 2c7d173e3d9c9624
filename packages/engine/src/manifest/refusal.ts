import type { SourceProblem, Span } from "./source-document.ts";

/** Stops the reading of one document. Thrown and caught inside the readers; never leaves them. */
export class Refusal extends Error {
  readonly problem: SourceProblem;

  constructor(code: SourceProblem["code"], message: string, span: Span) {
    super(message);
    this.problem = { code, message, span };
  }
}
