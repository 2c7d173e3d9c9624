import pc from "picocolors";
import type { Colors, Io } from "./io.ts";

/** Keeps what is printed. */
export class MemoryIo implements Io {
  stdout = "";
  stderr = "";
  readonly outColors: Colors;
  readonly errColors: Colors;
  readonly terminal = false;
  readonly env = {};
  readonly #stdin: string;

  constructor(stdin = "", colour = false) {
    this.#stdin = stdin;
    this.outColors = pc.createColors(colour);
    this.errColors = pc.createColors(colour);
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
