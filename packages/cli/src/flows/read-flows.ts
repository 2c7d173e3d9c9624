import { createReadStream } from "node:fs";
import { FlowReading, type FlowRecord, plural } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { atEnd } from "../io/epilogue.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { linesOf } from "./lines-of.ts";

export interface ReadFlows {
  /** With records of the same flow made one, in their order. */
  readonly records: readonly FlowRecord[];
  /** 2 when a line could not be read, which has been told; else 0. */
  readonly code: number;
}

/** Lines that are told one by one; the others are counted. */
const toldLines = 20;

/**
 * Reads flow records, a JSON object a line, from files and for `-` from standard input. A line that cannot be read is told
 * with its place, field and value, and left out; what was read is counted when the command ends. Memory grows with the
 * number of different flows. Fails with CliError (exit code 2) for a file that cannot be read and for no record at all.
 */
export async function readFlows(names: readonly string[], io: Io, quiet = false): Promise<ReadFlows> {
  const reading = new Reading(io);
  for (const name of new Set(names)) await reading.file(name);
  reading.end(new Set(names).size, quiet);
  return reading.read;
}

class Reading {
  readonly #lines = new FlowReading();
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
  }

  get read(): ReadFlows {
    const { refused } = this.#lines;
    return { records: this.#lines.list(), code: refused > 0 ? exitCode.usage : exitCode.ok };
  }

  async file(name: string): Promise<void> {
    const [title, chunks] =
      name === "-" ? ["<stdin>", [Buffer.from(await this.#io.readStdin())]] : [name, createReadStream(name)];
    let number = 0;
    try {
      for await (const line of linesOf(chunks)) this.#line(title, ++number, line);
    } catch (error) {
      throw unreadable(title, error as NodeJS.ErrnoException);
    }
  }

  #line(file: string, number: number, line: string | undefined): void {
    const problem = this.#lines.add(line);
    if (problem === undefined || this.#lines.refused > toldLines) return;
    const { field, message } = problem;
    const what = field === "" ? message : `${field}: ${message}`;
    this.#io.err(`${file}:${number}: ${this.#io.errColors.red("error:")} ${what.replace(control, " ")}\n`);
  }

  end(files: number, quiet: boolean): void {
    const { records, flows, otherLines, refused, gapText } = this.#lines;
    if (gapText !== "") this.#io.err(`${this.#io.errColors.yellow("note:")} ${gapText}\n`);
    if (refused > toldLines)
      this.#io.err(`and ${plural(refused - toldLines, "more line")} that cannot be read\n`);
    const parts = [
      `read ${plural(records, "record")} of ${plural(flows, "flow")} in ${plural(files, "file")}`,
      ...(otherLines > 0 ? [`passed over: ${plural(otherLines, "line")} of no flow`] : []),
      ...(refused > 0 ? [`refused: ${plural(refused, "line")}`] : []),
    ];
    if (!quiet) atEnd(this.#io, `${parts.join("; ")}\n`);
    if (records > 0) return;
    const mend =
      "Records come from `portcullis flows -o json`, from an agent's log and from its event stream.";
    throw new CliError(exitCode.usage, `no flow record among ${plural(files, "file")}`, mend);
  }
}

/** A line of a file cannot write to the terminal. */
const control = /\p{Cc}/gu;

const words: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "is a directory: name its files",
};

function unreadable(name: string, error: NodeJS.ErrnoException): CliError {
  return new CliError(exitCode.usage, `${name}: ${words[error.code ?? ""] ?? error.message}`);
}
