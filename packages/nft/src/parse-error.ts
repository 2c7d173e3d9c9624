/** Text that is not a listing of ours: where, and the line. */
export class NftParseError extends Error {
  override readonly name = "NftParseError";
  /** From 1. */
  readonly line: number;
  readonly text: string;

  constructor(message: string, line: number, text: string) {
    super(`line ${line}: ${message}: ${text.trim()}`);
    this.line = line;
    this.text = text;
  }
}
