import pc from "picocolors";
import type { Io } from "./io.ts";

/** Keeps what is printed. */
export class MemoryIo implements Io {
  stdout = "";
  stderr = "";
  readonly outColors = pc.createColors(false);
  readonly errColors = pc.createColors(false);
  readonly terminal = false;
  readonly env = {};
  readonly #stdin: string;

  constructor(stdin = "") {
    this.#stdin = stdin;
  }

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  async readStdin(): Promise<string> {
    return this.#stdin;
  }
}
