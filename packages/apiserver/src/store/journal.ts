import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import type { ApiObject } from "../api-object.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { JournalFiles } from "./journal-files.ts";
import { encodeRecord, type JournalRecord } from "./journal-record.ts";
import { writeSnapshot } from "./write-snapshot.ts";

const sync = promisify(fdatasync);

export interface JournalOptions {
  readonly directory: string;
  /** A snapshot is made when the journal has this many bytes, and twice the last snapshot's (default 4 MiB). */
  readonly snapshotBytes?: number;
  /** How long a write can wait until it is beyond a crash of the machine, in milliseconds (default 1,000). */
  readonly syncEveryMs?: number;
  /** Is told what a person should know: a torn write, a snapshot that could not be made. */
  readonly note?: (text: string) => void;
}

/** What a journal held when it was opened. */
export interface Restored {
  readonly objects: readonly (readonly [resource: string, object: ApiObject])[];
  /** Of the last write that is known. */
  readonly revision: number;
  /** Whether the journal was closed in order, so that no write can have been lost. */
  readonly clean: boolean;
}

/**
 * Keeps a store's writes in files: an append-only journal, and a snapshot in place of it when it has grown. A write is
 * with the system when `append` returns, so it outlives this process however that ends; it is on the disk within
 * `syncEveryMs`, so a crash of the machine can take the last second.
 */
export class Journal {
  readonly #files: JournalFiles;
  readonly #lock: DirectoryLock;
  readonly #snapshotBytes: number;
  readonly #note: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #restored: Restored | undefined;
  #descriptor: number;
  #number: number;
  /** Of the file that is written to. */
  #fileBytes = 0;
  /** Of all journal files, since the snapshot. */
  #bytes = 0;
  #nextSnapshot: number;
  #unsynced = false;
  #syncing: Promise<void> | undefined;
  #broken = false;
  #closed = false;
  #snapshot: Promise<void> | undefined;

  /** Throws when the directory cannot be used, another process uses it, or its snapshot is damaged. */
  constructor(options: JournalOptions) {
    this.#files = new JournalFiles(options.directory);
    this.#lock = new DirectoryLock(options.directory);
    this.#snapshotBytes = options.snapshotBytes ?? 4 * 1024 * 1024;
    this.#nextSnapshot = this.#snapshotBytes;
    this.#note = options.note ?? (() => {});
    const numbers = this.#files.journals();
    this.#restored = restore([
      ...this.#files.readSnapshot(),
      ...numbers.flatMap((number) => this.#files.readJournal(number, this.#note)),
    ]);
    this.#bytes = this.#files.journalBytes();
    // A file of its own for each run: what a snapshot replaces is whole files.
    this.#number = (numbers.at(-1) ?? 0) + 1;
    this.#descriptor = this.#open();
    this.#timer = setInterval(() => this.#syncSoon(), options.syncEveryMs ?? 1000);
    this.#timer.unref();
  }

  /** What was there at the start. Given once, so that it need not be kept. */
  takeRestored(): Restored {
    const restored = this.#restored ?? { objects: [], revision: 0, clean: true };
    this.#restored = undefined;
    return restored;
  }

  /** Throws when the record could not be written, so that the write must not be seen; the journal is then as before. */
  append(record: JournalRecord): void {
    if (this.#broken) throw new Error("the journal could not be written and is closed to writes");
    const line = Buffer.from(encodeRecord(record));
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#descriptor, line, done);
    } catch (error) {
      this.#takeBack();
      throw new Error(`the journal could not be written: ${(error as Error).message}`);
    }
    this.#fileBytes += line.length;
    this.#bytes += line.length;
    this.#unsynced = true;
  }

  /** Whether it is time for `snapshot`. */
  get wantsSnapshot(): boolean {
    return this.#bytes >= this.#nextSnapshot && this.#snapshot === undefined;
  }

  /** Writes all objects to a snapshot in place of the journal so far; goes on while writes go to a new file. */
  snapshot(objects: readonly (readonly [resource: string, object: ApiObject])[], revision: number): void {
    const replaced = this.#files.journals();
    const before = this.#descriptor;
    this.#number++;
    try {
      this.#descriptor = this.#open();
    } catch (error) {
      this.#note(`no new journal file could be opened: ${(error as Error).message}`);
      this.#nextSnapshot = this.#bytes + this.#snapshotBytes;
      return;
    }
    this.#fileBytes = 0;
    this.#bytes = 0;
    this.#snapshot = this.#replace(before, replaced, objects, revision).finally(() => {
      this.#snapshot = undefined;
    });
  }

  /** Resolves when everything is on the disk. */
  async close(revision: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#snapshot;
    await this.#syncing;
    try {
      this.append({ op: "closed", revision });
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#note(`the journal was not closed in order: ${(error as Error).message}`);
    } finally {
      this.#broken = true;
      closeSync(this.#descriptor);
      this.#lock.release();
    }
  }

  async #replace(
    before: number,
    replaced: readonly number[],
    objects: Restored["objects"],
    revision: number,
  ): Promise<void> {
    try {
      // What the new file says rests on what the old one said, for as long as there is no snapshot.
      await this.#syncing;
      await sync(before);
      const bytes = await writeSnapshot(this.#files, objects, revision);
      this.#nextSnapshot = Math.max(this.#snapshotBytes, 2 * bytes);
      for (const number of replaced) await rm(this.#files.journal(number), { force: true });
    } catch (error) {
      // The journal files tell the same still.
      this.#nextSnapshot = this.#bytes + this.#snapshotBytes;
      this.#note(`no snapshot could be written: ${(error as Error).message}`);
    } finally {
      closeSync(before);
    }
  }

  #open(): number {
    const descriptor = openSync(this.#files.journal(this.#number), "a", 0o600);
    this.#files.sync();
    return descriptor;
  }

  /** A part of a record would hide all that come after it. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#descriptor, this.#fileBytes);
    } catch {
      this.#broken = true;
    }
  }

  #syncSoon(): void {
    if (!this.#unsynced || this.#syncing !== undefined) return;
    this.#unsynced = false;
    this.#syncing = sync(this.#descriptor)
      .catch((error: Error) => {
        this.#broken = true;
        this.#note(`the journal could not be brought to the disk: ${error.message}`);
      })
      .finally(() => {
        this.#syncing = undefined;
      });
  }
}

/** Later records win; those that a snapshot holds already come to the same. */
function restore(records: readonly JournalRecord[]): Restored {
  const objects = new Map<string, readonly [string, ApiObject]>();
  let revision = 0;
  for (const record of records) {
    if (record.op === "put") {
      const { name, namespace = "", resourceVersion } = record.object.metadata;
      objects.set(keyOf(record.resource, namespace, name), [record.resource, record.object]);
      revision = Math.max(revision, Number(resourceVersion));
    } else {
      if (record.op === "delete") objects.delete(keyOf(record.resource, record.namespace, record.name));
      revision = Math.max(revision, record.revision);
    }
  }
  return {
    objects: [...objects.values()],
    revision,
    clean: records.length === 0 || records.at(-1)?.op === "closed",
  };
}

function keyOf(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`;
}
