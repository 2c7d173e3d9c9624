import { Readable } from "node:stream";
import type { ControlStreams } from "../../control.ts";
import type { ContainerLog, LogEntry } from "../container/container-log.ts";

/** Which part of a log is wanted, and how. */
export type LogRequest = Pick<
  ControlStreams["log"],
  "follow" | "timestamps" | "sinceSeconds" | "sinceTime" | "tailLines" | "limitBytes"
>;

/**
 * The lines of a log as text; with `follow` until its end. First the last lines are counted, then those before a time are
 * left out, then bytes are counted, as the kubelet does it.
 * @param now Milliseconds since the epoch.
 */
export function readLog(log: ContainerLog, request: LogRequest, now: number): Readable {
  const selection = new Selection(log, request, now);
  let stopWaiting = () => {};
  const step = () => {
    stopWaiting();
    const bytes = selection.next();
    if (bytes === "later") stopWaiting = log.onChange(step);
    else text.push(bytes ?? null);
  };
  const text = new Readable({
    read: step,
    destroy: (error, callback) => {
      stopWaiting();
      callback(error);
    },
  });
  return text;
}

/** What is left to be read. */
class Selection {
  readonly #log: ContainerLog;
  readonly #request: LogRequest;
  readonly #since: number;
  #left: number;
  #entries: readonly LogEntry[] = [];
  #position = 0;

  constructor(log: ContainerLog, request: LogRequest, now: number) {
    const { tailLines, limitBytes, sinceSeconds, sinceTime } = request;
    this.#log = log;
    this.#request = request;
    this.#since = sinceTime ?? (sinceSeconds === undefined ? 0 : now - sinceSeconds * 1000);
    this.#left = limitBytes ?? Number.POSITIVE_INFINITY;
    if (tailLines === undefined) return;
    this.#entries = tail(log, tailLines);
    this.#position = log.position;
  }

  /** At least one byte; undefined at the end; `later` when there will be more. */
  next(): Buffer | "later" | undefined {
    while (this.#left > 0) {
      if (this.#entries.length === 0) {
        const { entries, next } = this.#log.read(this.#position);
        if (entries.length === 0) return this.#request.follow && !this.#log.ended ? "later" : undefined;
        this.#entries = entries;
        this.#position = next;
      }
      const bytes = this.#render(this.#entries).subarray(0, this.#left);
      this.#entries = [];
      this.#left -= bytes.length;
      if (bytes.length > 0) return bytes;
    }
    return undefined;
  }

  #render(entries: readonly LogEntry[]): Buffer {
    const { timestamps } = this.#request;
    const lines = entries.filter(({ time }) => time >= this.#since);
    return Buffer.concat(lines.flatMap((entry) => (timestamps ? [stamp(entry), entry.line] : [entry.line])));
  }
}

function tail(log: ContainerLog, count: number): readonly LogEntry[] {
  return count === 0 ? [] : [...log.entries()].slice(-count);
}

/** As Go writes RFC3339Nano: as many decimals as there are, here up to microseconds. */
function stamp({ time }: LogEntry): Buffer {
  const micros = Math.round((time % 1000) * 1000);
  const whole = new Date(Math.floor(time / 1000) * 1000 + (micros === 1_000_000 ? 1000 : 0)).toISOString();
  const decimals = String(micros % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return Buffer.from(`${whole.slice(0, 19)}${decimals === "" ? "" : `.${decimals}`}Z `);
}
