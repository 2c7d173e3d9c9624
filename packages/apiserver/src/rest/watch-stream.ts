import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ApiObject } from "../api-object.ts";
import { expired } from "../registry/refusals.ts";
import type { Presenter } from "../representation/presenter.ts";
import type { Status } from "../status.ts";
import type { Watch } from "../store/watch.ts";
import { setCommonHeaders } from "./answer.ts";
import type { Exchange } from "./exchange.ts";

export interface WatchStreamOptions {
  readonly presenter: Presenter;
  /** Objects that are told first, as ADDED. */
  readonly initial: readonly ApiObject[];
  /** Whether a bookmark marks the end of `initial` (sendInitialEvents). */
  readonly markInitialEnd: boolean;
  /** How often to send a bookmark, in milliseconds; never when absent. */
  readonly bookmarkEveryMs?: number;
  /** The stream ends after this time, in milliseconds; never when absent. */
  readonly timeoutMs?: number;
}

/** Events are gathered to writes of about this many characters. */
const batchSize = 64 * 1024;

/** Sends events, a JSON text a line, until the client goes, the time is up, or the watch is closed. Closes the watch. */
export async function streamWatch(
  { response, warnings }: Pick<Exchange, "response" | "warnings">,
  watch: Watch,
  options: WatchStreamOptions,
): Promise<void> {
  const { presenter } = options;
  let bookmarkDue = false;
  const bookmarks = setIntervalIf(options.bookmarkEveryMs, () => {
    bookmarkDue = true;
    watch.wake();
  });
  const end =
    options.timeoutMs === undefined ? undefined : setTimeout(() => watch.close(), options.timeoutMs);
  response.once("close", () => watch.close());
  try {
    setCommonHeaders(response, warnings);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    await sendInitial(response, options, watch);
    while (!watch.closed && (await sendPending(response, watch, presenter))) {
      if (bookmarkDue) response.write(line("BOOKMARK", presenter.bookmark(watch.revision, {})));
      bookmarkDue = false;
      await watch.changed();
    }
  } finally {
    clearInterval(bookmarks);
    clearTimeout(end);
    watch.close();
    response.end();
  }
}

/** Marks the end of what existed when the watch began. */
const initialEventsEnd = { "k8s.io/initial-events-end": "true" };

async function sendInitial(
  response: ServerResponse,
  options: WatchStreamOptions,
  watch: Watch,
): Promise<void> {
  let batch = "";
  for (const object of options.initial) {
    if (watch.closed) return;
    batch += line("ADDED", options.presenter.watched(object));
    if (batch.length < batchSize) continue;
    await write(response, batch);
    batch = "";
  }
  if (options.markInitialEnd)
    batch += line("BOOKMARK", options.presenter.bookmark(watch.revision, initialEventsEnd));
  if (batch !== "") await write(response, batch);
}

/** Sends all there is; false when the watch has expired, which the client is told. */
async function sendPending(response: ServerResponse, watch: Watch, presenter: Presenter): Promise<boolean> {
  let batch = "";
  for (;;) {
    const change = watch.poll();
    if (change === "expired") batch += line("ERROR", JSON.stringify(overtaken(watch)));
    else if (change !== undefined) batch += line(change.type, presenter.watched(change.object));
    const last = change === undefined || change === "expired";
    if (batch !== "" && (last || batch.length >= batchSize)) {
      await write(response, batch);
      batch = "";
    }
    if (last) return change === undefined;
  }
}

function overtaken(watch: Watch): Status {
  return expired(watch.revision, watch.revision).status;
}

/** Waits for a slow client, so that what it has not read stays in the store's log and not in our memory. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once("close", onClose);
  try {
    await once(response, "drain", { signal: gone.signal });
  } catch {
    // The client went away; the watch is closed by now.
  } finally {
    response.off("close", onClose);
  }
}

function line(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

function setIntervalIf(milliseconds: number | undefined, run: () => void): NodeJS.Timeout | undefined {
  return milliseconds === undefined ? undefined : setInterval(run, milliseconds);
}
