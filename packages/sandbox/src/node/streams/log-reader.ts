import { Readable } from "node:stream";
import type { ControlStreams } from "../../control.ts";
import type { ContainerLog, LogEntry } from "../container-log.ts";

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
  const gone = new AbortController();
  const text = Readable.from(chunks(log, request, now, gone.signal), { objectMode: false });
  return text.once("close", () => gone.abort());
}

async function* chunks(
  log: ContainerLog,
  request: LogRequest,
  now: number,
  gone: AbortSignal,
): AsyncGenerator<Buffer> {
  const { follow, timestamps, tailLines, limitBytes, sinceSeconds, sinceTime } = request;
  const since = sinceTime ?? (sinceSeconds === undefined ? undefined : now - sinceSeconds * 1000);
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  let { entries, next } = tailLines === undefined ? log.read(0) : tail(log, tailLines);
  for (;;) {
    const lines = entries.filter(({ time }) => since === undefined || time >= since);
    const bytes = Buffer.concat(
      lines.flatMap((entry) => (timestamps ? [stamp(entry), entry.line] : [entry.line])),
    );
    if (bytes.length > 0) yield bytes.subarray(0, left);
    left -= bytes.length;
    if (left <= 0) return;
    ({ entries, next } = log.read(next));
    if (entries.length > 0) continue;
    if (!follow || log.ended || gone.aborted) return;
    await changed(log, gone);
    ({ entries, next } = log.read(next));
  }
}

function tail(log: ContainerLog, count: number): { entries: readonly LogEntry[]; next: number } {
  const all = [...log.entries()];
  return { entries: count === 0 ? [] : all.slice(-count), next: log.position };
}

function changed(log: ContainerLog, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      off();
      gone.removeEventListener("abort", done);
      resolve();
    };
    const off = log.onChange(done);
    gone.addEventListener("abort", done);
  });
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
