import { setTimeout as sleep } from "node:timers/promises";
import type { TableRef } from "../table.ts";
import { MonitorChild } from "./monitor-child.ts";
import { MonitorLines } from "./monitor-lines.ts";
import { type Outcome, OwnWrites } from "./own-writes.ts";
import type { TableListener, TableWatch } from "./table-listener.ts";

/** Between two attempts, in milliseconds: doubled each time, until one lasts. */
const leastPauseMs = 100;
const longestPauseMs = 60_000;
const lastingMs = 10_000;

/**
 * nft 1.0.6 keeps 10 KB, half of it in memory, for each match and target of iptables that it has no extension for, and
 * most it prints of IPv6: 1 GB when kube-proxy has rewritten 5,000 Services twice. What it holds of these when it begins
 * is 160 MB.
 */
const mostMemoryKiB = 512 * 1024;

export interface NftMonitorOptions {
  /** What stands in front of `sh`. */
  readonly command: readonly string[];
  readonly table: TableRef;
  readonly listener: TableListener;
  /** Address space that a monitor may take before it is replaced, in KiB (default 512 Mi). */
  readonly memoryKiB?: number;
  /** Milliseconds, never going back (default performance.now). */
  readonly nowMs?: () => number;
}

/**
 * Watches a table by `nft monitor`, which the kernel tells of every transaction, and which is started anew when it ends.
 * It holds what all tables had when it began: some 25 MB for 60,000 elements, 160 MB for 40,000 rules of iptables.
 */
export class NftMonitor implements TableWatch {
  readonly #command: readonly string[];
  readonly #table: TableRef;
  readonly #listener: TableListener;
  readonly #memoryKiB: number;
  readonly #nowMs: () => number;
  readonly #own: OwnWrites;
  readonly #abort = new AbortController();
  readonly #ended: Promise<void>;
  #child: MonitorChild | undefined;

  constructor({
    command,
    table,
    listener,
    memoryKiB = mostMemoryKiB,
    nowMs = () => performance.now(),
  }: NftMonitorOptions) {
    this.#command = command;
    this.#table = table;
    this.#listener = listener;
    this.#memoryKiB = memoryKiB;
    this.#nowMs = nowMs;
    this.#own = new OwnWrites(nowMs);
    this.#ended = this.#live();
  }

  /** Process id of the running monitor, if there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** To be called before a transaction of our own; what it returns with its outcome. */
  writing({ family, name }: TableRef): (outcome: Outcome) => void {
    if (family !== this.#table.family || name !== this.#table.name) return () => {};
    const end = this.#own.begin();
    return (outcome) => {
      if (end(outcome)) this.#tell(() => this.#listener.onForeignWrite());
    };
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#child?.close();
    await this.#ended;
  }

  async #live(): Promise<void> {
    const { signal } = this.#abort;
    for (let pauseMs = leastPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const beganMs = this.#nowMs();
      await this.#hear().catch((error) => this.#tell(() => this.#listener.onDeaf(String(error))));
      if (this.#nowMs() - beganMs > lastingMs) pauseMs = leastPauseMs;
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** The life of one monitor. */
  async #hear(): Promise<void> {
    const lines = new MonitorLines(this.#table);
    let said = "";
    let heard = false;
    const child = new MonitorChild(this.#command, this.#table, this.#memoryKiB, (chunk) => {
      if (!heard) said += chunk;
      this.#read(lines, chunk);
    });
    this.#child = child;
    heard = await child.listening();
    if (heard) {
      this.#tell(() => this.#listener.onHearing());
      this.#missed();
    }
    await child.ended;
    this.#child = undefined;
    if (heard) return;
    this.#tell(() => this.#listener.onDeaf(said.trim().slice(-500) || "nft monitor ended"));
  }

  /** Something was written that was not heard of, by whomever. */
  #missed(): void {
    this.#own.forget();
    this.#tell(() => this.#listener.onDoubt());
  }

  #read(lines: MonitorLines, chunk: string): void {
    for (const heard of lines.read(chunk)) {
      if (heard.kind === "lost") this.#missed();
      else if (heard.touched !== "no" && !this.#own.heard()) {
        const by = this.#own.isQuiet ? heard.writer : undefined;
        const isOurTable = heard.touched === "yes";
        this.#tell(() => (isOurTable ? this.#listener.onForeignWrite(by) : this.#listener.onDoubt()));
      }
    }
  }

  #tell(what: () => void): void {
    if (!this.#abort.signal.aborted) what();
  }
}
