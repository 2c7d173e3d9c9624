import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { decodeRecord, type JournalRecord } from "./journal-record.ts";

export const snapshotName = "snapshot";
const journalPattern = /^journal-([0-9]{10})$/;

/** The files of a journal's directory, which is made when it is not there, for its owner alone. */
export class JournalFiles {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    rmSync(this.path(`${snapshotName}.new`), { force: true });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Numbers of the journal files, oldest first. */
  journals(): readonly number[] {
    const numbers = readdirSync(this.directory).flatMap((name) => {
      const match = journalPattern.exec(name);
      return match === null ? [] : [Number(match[1])];
    });
    return numbers.sort((a, b) => a - b);
  }

  journal(number: number): string {
    return this.path(`journal-${String(number).padStart(10, "0")}`);
  }

  /** Of all journal files together. */
  journalBytes(): number {
    return this.journals().reduce((sum, number) => sum + statSync(this.journal(number)).size, 0);
  }

  /** The records of the snapshot; none when there is no snapshot. Throws when it is damaged: it was written whole. */
  readSnapshot(): readonly JournalRecord[] {
    const path = this.path(snapshotName);
    if (!existsSync(path)) return [];
    const { records, wholeBytes, bytes } = readRecords(path);
    if (wholeBytes < bytes || records.at(-1)?.op !== "complete")
      throw new Error(
        `${path} is damaged after ${wholeBytes} of ${bytes} bytes; a copy of it is needed to go on`,
      );
    return records;
  }

  /**
   * The records of a journal file. What follows the last whole record is a write that was cut off: it is removed, and
   * `note` is told.
   */
  readJournal(number: number, note: (text: string) => void): readonly JournalRecord[] {
    const path = this.journal(number);
    const { records, wholeBytes, bytes } = readRecords(path);
    if (wholeBytes < bytes) {
      note(`${path}: the last ${bytes - wholeBytes} bytes are no whole record and were cut off`);
      truncateSync(path, wholeBytes);
    }
    return records;
  }

  /** Makes names that were added or changed last beyond a crash of the machine. */
  sync(): void {
    const descriptor = openSync(this.directory, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

interface Read {
  readonly records: readonly JournalRecord[];
  /** How many bytes from the start are whole records. */
  readonly wholeBytes: number;
  readonly bytes: number;
}

function readRecords(path: string): Read {
  const content = readFileSync(path);
  const records: JournalRecord[] = [];
  let start = 0;
  for (;;) {
    const end = content.indexOf(10, start);
    const record = end < 0 ? undefined : decodeRecord(content.toString("utf8", start, end));
    if (record === undefined) return { records, wholeBytes: start, bytes: content.length };
    records.push(record);
    start = end + 1;
  }
}
