import { constants } from "node:fs";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { monotonicMs, type Reading, type ToldFlows } from "@portcullis/dataplane";
import { Breather } from "../observe/breather.ts";
import {
  type JournalOwner,
  JournalReader,
  journalHeader,
  journalLines,
  type ReadAt,
  readJournalHeader,
} from "./flow-journal-lines.ts";
import { inChunks } from "./in-chunks.ts";
import { replaceFile } from "./replace-file.ts";
import { StateError } from "./state-error.ts";

export interface FlowJournalOptions extends JournalOwner {
  readonly directory: string;
  /** Of the file in it. */
  readonly name: string;
  readonly onWritten: () => void;
  readonly onFailure: (error: Error) => void;
  /** Milliseconds since the epoch (default Date.now). */
  readonly now?: () => number;
  /** The clock of the readings, since the kernel began (default `monotonicMs`). */
  readonly nowMs?: () => number;
}

/** Where an agent left off. */
export interface LeftOff {
  readonly told: ToldFlows;
  /** When it last read the kernel, in milliseconds since the epoch, as this clock has it now. */
  readonly fromMs: number;
  /** Whether the clock has gone on evenly since: it was not set, nor did the machine sleep. */
  readonly isEven: boolean;
}

/** A reading takes its time, at most so much: the two clocks are read before and after it. In milliseconds. */
const evenMs = 5_000;

interface ToldReading {
  readonly reading: Reading;
  readonly readAt: ReadAt;
}

/** A file that has grown by what it was, and by so many characters, is written anew. */
const grownEnough = 64 * 1024;

/** How long after a failure it is tried again, in milliseconds. */
const retryMs = 30_000;

/**
 * What has been told of the flows that the kernel counts, on the disk, for the next agent of this node to go on from. A
 * reading that told something is a line or two at the end of the file; one that did not writes nothing. The disk is not
 * waited for: it is of use in this life of the kernel alone, which keeps what was written whatever becomes of the process.
 */
export class FlowJournal {
  readonly #options: FlowJournalOptions;
  readonly #file: string;
  readonly #now: () => number;
  readonly #nowMs: () => number;
  /** The last reading that was told. */
  #last: ToldReading | undefined;
  /** Until when the file says all that has been told; undefined when it does not. */
  #keptMs: number | undefined;
  /** Characters in the file, and how many there were when it was written as a whole; undefined before that. */
  #length: { now: number; readonly whole: number } | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: FlowJournalOptions) {
    this.#options = options;
    this.#file = path.join(options.directory, options.name);
    this.#now = options.now ?? Date.now;
    this.#nowMs = options.nowMs ?? monotonicMs;
  }

  /**
   * Where the agent before left off; undefined when that is not known. When it was one of another life of the kernel,
   * nobody has told anything of this one, from its beginning.
   * @throws StateError when what is there must not be used.
   */
  async load(): Promise<LeftOff | undefined> {
    const found = await this.#read();
    if (found === undefined) return undefined;
    if (found === "of another life")
      return { told: new Map(), fromMs: this.#now() - this.#nowMs(), isEven: false };
    const { told, readAt } = found;
    const agoMs = this.#nowMs() - readAt.atMs;
    if (agoMs < 0) throw new StateError("Corrupted", "it is of a time to come");
    this.#keptMs = readAt.atMs;
    const fromMs = this.#now() - agoMs;
    // The clock may have been set meanwhile, and the machine may have slept: never later than it was.
    const isEven = Math.abs(fromMs - readAt.wallMs) < evenMs;
    return { told, fromMs: Math.min(readAt.wallMs, fromMs), isEven };
  }

  /** `reading`, which began at `wallMs` (since the epoch), has been told. Never rejects. */
  async add(reading: Reading, wallMs: number): Promise<void> {
    const last = { reading, readAt: { atMs: reading.atMs, wallMs } };
    this.#last = last;
    const isNothing = reading.news.size === 0 && reading.gone.length === 0;
    await this.#inTurn(async () => {
      if (this.#keptMs === undefined ? this.#nowMs() >= this.#notBeforeMs : !isNothing)
        await this.#write(last);
    });
  }

  /** Says when the kernel was last read. Never rejects. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      const last = this.#last;
      if (last === undefined || last.readAt.atMs === this.#keptMs) return;
      await this.#write({ ...last, reading: { ...last.reading, news: new Map(), gone: [] } });
    });
  }

  /** For when nobody keeps it up any more. Never rejects. */
  async remove(): Promise<void> {
    await rm(this.#file, { force: true }).catch(() => {});
  }

  async #inTurn(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(task);
    await this.#turn;
  }

  async #write({ reading, readAt }: ToldReading): Promise<void> {
    const { onWritten, onFailure } = this.#options;
    try {
      if (!(await this.#append(reading, readAt))) await this.#writeAnew(reading, readAt);
      this.#keptMs = readAt.atMs;
      onWritten();
    } catch (error) {
      this.#keptMs = undefined;
      this.#notBeforeMs = this.#nowMs() + retryMs;
      // Better none than one by which the next agent would tell again what has been told since.
      await this.remove();
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #writeAnew(reading: Reading, readAt: ReadAt): Promise<void> {
    const { directory, name } = this.#options;
    const header = journalHeader(this.#options);
    await replaceFile(directory, name, async (file) => {
      await file.writeFile(header);
      const whole = header.length + (await writeLines(file, journalLines(reading, readAt, true)));
      this.#length = { now: whole, whole };
    });
  }

  /** Gives whether there was something to append to: not at first, after a failure, or when somebody took the file away. */
  async #append(reading: Reading, readAt: ReadAt): Promise<boolean> {
    const length = this.#length;
    if (this.#keptMs === undefined || length === undefined) return false;
    if (length.now > 2 * length.whole + grownEnough) return false;
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;
    const file = await open(this.#file, flags).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (file === undefined) return false;
    length.now += await writeLines(file, journalLines(reading, readAt, false)).finally(() => file.close());
    return true;
  }

  async #read(): Promise<
    { readonly told: ToldFlows; readonly readAt: ReadAt } | "of another life" | undefined
  > {
    const { nodeName, bootId } = this.#options;
    const text = await readFile(this.#file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw new StateError("Unreadable", error.message);
    });
    if (text === undefined) return undefined;
    // What follows the last line break was being written when its writer was killed.
    const [header = "", ...lines] = text.split("\n").slice(0, -1);
    const owner = readJournalHeader(header);
    if (owner.nodeName !== nodeName)
      throw new StateError("OtherNode", `it is of the node ${owner.nodeName}, and this is ${nodeName}`);
    // Where the kernel does not tell, none is known to be the same, or another.
    if (owner.bootId === "" || bootId === "") return undefined;
    if (owner.bootId !== bootId) return "of another life";
    const reader = new JournalReader();
    const breather = new Breather();
    for (const line of lines) {
      reader.take(line);
      await breather.breathe();
    }
    if (reader.readAt === undefined) throw new StateError("Torn", "its end is missing");
    return { told: reader.flows, readAt: reader.readAt };
  }
}

/** Gives how many characters. */
async function writeLines(file: FileHandle, lines: Iterable<string>): Promise<number> {
  let length = 0;
  for (const chunk of inChunks(lines)) {
    await file.writeFile(chunk);
    length += chunk.length;
  }
  return length;
}
