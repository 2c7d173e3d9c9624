import path from "node:path";
import type { Colors, Io } from "../io/io.ts";
import { wrap } from "../text/wrap.ts";

/** Widest line that is printed, in columns. */
export const pageWidth = 100;

/** Where the tutorial is written: paragraphs, commands and listings at fixed indents, a blank line between blocks. */
export class Page {
  readonly colors: Colors;
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
    this.colors = io.outColors;
  }

  heading(number: string, title: string): void {
    this.#io.out(`\n${this.colors.bold(`${number.padEnd(3)} ${title}`)}\n`);
  }

  /** Running text, and a blank line. */
  paragraph(text: string, indent = 4): void {
    this.lines(wrap(text, pageWidth - indent), indent);
    this.gap();
  }

  /** A command as one would type it, with its output below. */
  command(command: readonly string[], output: readonly string[] = [], indent = 4): void {
    const [first, ...rest] = foldCommand(command, pageWidth - indent - 4);
    this.lines([`${this.colors.dim("$")} ${this.colors.cyan(first ?? "")}`], indent);
    this.lines(
      rest.map((line) => this.colors.cyan(line)),
      indent + 4,
    );
    this.lines(output, indent);
  }

  /** Lines as they are, `indent` columns in. */
  lines(lines: readonly string[], indent: number): void {
    for (const line of lines) this.#io.out(line === "" ? "\n" : `${" ".repeat(indent)}${line}\n`);
  }

  gap(): void {
    this.#io.out("\n");
  }
}

/** A long command over several lines, each but the last ended by a backslash so that it can still be copied. */
function foldCommand(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > width - 2) {
      lines.push(`${line} \\`);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A file as the user would name it from where they are. */
export function fromHere(file: string): string {
  const relative = path.relative("", file);
  return relative.startsWith(`..${path.sep}..`) ? file : relative;
}
