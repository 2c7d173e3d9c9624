import type { Program } from "@portcullis/engine";
import { readBootId } from "./boot-id.ts";
import { writeClosed } from "./write-closed.ts";
import { writeState } from "./write-state.ts";

export interface StateWriterOptions {
  readonly directory: string;
  readonly nodeName: string;
  readonly podCidrs: readonly string[];
  /** What a denied packet gets before there is an agent. */
  readonly denied: "drop" | "reject";
  readonly onWritten: () => void;
  readonly onFailure: (error: Error) => void;
  /** Between the end of a write and the begin of the next, at least, in milliseconds (default 1,000). */
  readonly pauseMs?: number;
  readonly now?: () => number;
}

/** Of the time, at most one part in so many is spent on writing. */
const restShare = 20;

/** How long after a failure it is tried again, when nothing else asks for it, in milliseconds. */
const retryMs = 30_000;

/** Keeps the disk at what is in force: the newest, with pauses between, for the disk is not what the agent is for. */
export class StateWriter {
  readonly #options: StateWriterOptions;
  readonly #now: () => number;
  #next: { readonly program: Program; readonly revisions: ReadonlyMap<string, string> } | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #notBeforeMs = 0;
  #closed = false;
  #bootId: Promise<string> | undefined;
  #isClosedWritten = false;

  constructor(options: StateWriterOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Has `program` written soon, if no newer one comes first. */
  save(program: Program, revisions: ReadonlyMap<string, string>): void {
    if (this.#closed) return;
    this.#next = { program, revisions };
    this.#schedule();
  }

  /** Writes what is outstanding; nothing is written after it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#next !== undefined) await this.#write();
  }

  #schedule(): void {
    if (this.#writing !== undefined || this.#closed) return;
    clearTimeout(this.#timer);
    const inMs = Math.max(0, this.#notBeforeMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#next !== undefined) this.#schedule();
      });
    }, inMs).unref();
  }

  async #write(): Promise<void> {
    const { directory, nodeName, podCidrs, denied, onWritten, onFailure, pauseMs = 1_000 } = this.#options;
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    const began = performance.now();
    try {
      this.#bootId ??= readBootId();
      const bootId = await this.#bootId;
      if (!this.#isClosedWritten) await writeClosed(directory, podCidrs, denied);
      this.#isClosedWritten = true;
      await writeState(directory, { nodeName, podCidrs, bootId, savedMs: this.#now(), ...next });
      this.#rest(Math.max(pauseMs, restShare * (performance.now() - began)));
      onWritten();
    } catch (error) {
      this.#next ??= next;
      this.#rest(retryMs);
      onFailure(error instanceof Error ? error : new Error(String(error)));
      if (this.#closed) this.#next = undefined;
    }
  }

  #rest(milliseconds: number): void {
    this.#notBeforeMs = performance.now() + milliseconds;
  }
}
