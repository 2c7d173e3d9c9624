/** Ends the command with a message on stderr: the user's mistake, or something on this machine that is in the way. */
export class CliError extends Error {
  readonly exitCode: number;
  /** What to do about it, one sentence. */
  readonly mend: string | undefined;

  constructor(exitCode: number, message: string, mend?: string) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
    this.mend = mend;
  }
}
