/** Why a sandbox could not be started, found or used. */
export type SandboxErrorCode =
  /** The machine lacks something; `mend` says what to type. */
  | "machine"
  /** A sandbox of this name runs already. */
  | "running"
  /** No sandbox of this name runs. */
  | "not-running"
  /** The name, or a directory that it leads to, cannot be used. */
  | "unusable"
  /** The node part failed, or ended by itself. */
  | "failed"
  /** There is no such pod, or it cannot run, or does not yet. */
  | "pod";

/** A failure with what can be done about it. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly code: SandboxErrorCode;
  /** What to do, or to type; empty when nothing is known. */
  readonly mend: string;

  constructor(code: SandboxErrorCode, message: string, mend = "") {
    super(message);
    this.code = code;
    this.mend = mend;
  }
}
