import { createReadStream } from "node:fs";
import { type FlowGap, type FlowRecord, FlowTable, plural, readFlowLine } from "@portcullis/engine";
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
  return { records: reading.table.list(), code: reading.refused > 0 ? exitCode.usage : exitCode.ok };
}

class Reading {
  readonly table = new FlowTable();
  refused = 0;
  readonly #io: Io;
  #records = 0;
  #otherLines = 0;
  readonly #gaps: Partial<Record<FlowGap["what"], number>> = {};

  constructor(io: Io) {
    this.#io = io;
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
    const read =
      line === undefined
        ? { problem: { field: "", message: "not UTF-8 text, or too long" } }
        : readFlowLine(line);
    if ("record" in read) {
      this.#records++;
      this.table.add(read.record);
    } else if ("problem" in read) {
      this.refused++;
      const { field, message } = read.problem;
      const what = field === "" ? message : `${field}: ${message}`;
      if (this.refused <= toldLines)
        this.#io.err(
          `${file}:${number}: ${this.#io.errColors.red("error:")} ${what.replace(control, " ")}\n`,
        );
    } else if (read.passedOver === "no-flow") {
      this.#otherLines++;
      if (read.gap !== undefined)
        this.#gaps[read.gap.what] = (this.#gaps[read.gap.what] ?? 0) + read.gap.missing;
    }
  }

  /** What the records cannot tell, because it is not in them. */
  #tellGaps(): void {
    const { "not-told": untold, suppressed, "not-counted": uncounted } = this.#gaps;
    const parts = [
      ...(untold === undefined ? [] : [`${plural(untold, "flow")} counted without a record`]),
      ...(suppressed === undefined ? [] : [`${plural(suppressed, "record")} left out of the log`]),
      ...(uncounted === undefined ? [] : ["flows that the kernel had no room to count"]),
    ];
    if (parts.length === 0) return;
    const note = this.#io.errColors.yellow("note:");
    this.#io.err(`${note} the recording is not complete: ${parts.join(", ")}\n`);
  }

  end(files: number, quiet: boolean): void {
    this.#tellGaps();
    const told = Math.min(this.refused, toldLines);
    if (this.refused > told)
      this.#io.err(`and ${plural(this.refused - told, "more line")} that cannot be read\n`);
    const parts = [
      `read ${plural(this.#records, "record")} of ${plural(this.table.size, "flow")} in ${plural(files, "file")}`,
      ...(this.#otherLines > 0 ? [`passed over: ${plural(this.#otherLines, "line")} of no flow`] : []),
      ...(this.refused > 0 ? [`refused: ${plural(this.refused, "line")}`] : []),
    ];
    if (!quiet) atEnd(this.#io, `${parts.join("; ")}\n`);
    if (this.#records > 0) return;
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
