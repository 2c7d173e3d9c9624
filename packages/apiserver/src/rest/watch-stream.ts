import type { ApiObject } from "../api-object.ts";
import { expired } from "../registry/refusals.ts";
import type { Presenter } from "../representation/presenter.ts";
import type { Status } from "../status.ts";
import type { Watch } from "../store/watch.ts";

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

/** Where the events of a watch go: a client, by whatever transport. */
export interface WatchSink {
  /** The client has gone, or been closed. */
  onGone(listener: () => void): void;
  /** Sends events, each a JSON text; resolves when there is room for more, or nobody is there any more. */
  send(events: readonly string[]): Promise<void>;
  end(): void;
}

/** Events are gathered to writes of about this many characters. */
const batchSize = 64 * 1024;

/** Sends events until the client goes, the time is up, or the watch is closed. Closes the watch, and then the sink. */
export async function streamWatch(sink: WatchSink, watch: Watch, options: WatchStreamOptions): Promise<void> {
  const { presenter } = options;
  let bookmarkDue = false;
  const bookmarks = setIntervalIf(options.bookmarkEveryMs, () => {
    bookmarkDue = true;
    watch.wake();
  });
  const end =
    options.timeoutMs === undefined ? undefined : setTimeout(() => watch.close(), options.timeoutMs);
  sink.onGone(() => watch.close());
  try {
    await sendInitial(sink, options, watch);
    while (!watch.closed && (await sendPending(sink, watch, presenter))) {
      if (bookmarkDue) void sink.send([eventText("BOOKMARK", presenter.bookmark(watch.revision, {}))]);
      bookmarkDue = false;
      await watch.changed();
    }
  } finally {
    clearInterval(bookmarks);
    clearTimeout(end);
    watch.close();
    sink.end();
  }
}

/** Marks the end of what existed when the watch began. */
const initialEventsEnd = { "k8s.io/initial-events-end": "true" };

async function sendInitial(sink: WatchSink, options: WatchStreamOptions, watch: Watch): Promise<void> {
  const { initial, presenter, markInitialEnd } = options;
  const batch = new Batch(sink);
  for (const object of initial) {
    if (watch.closed) return;
    batch.add(eventText("ADDED", presenter.watched(object)));
    if (batch.full) await batch.send();
  }
  if (markInitialEnd) batch.add(eventText("BOOKMARK", presenter.bookmark(watch.revision, initialEventsEnd)));
  await batch.send();
}

/** Sends all there is; false when the watch has expired, which the client is told. */
async function sendPending(sink: WatchSink, watch: Watch, presenter: Presenter): Promise<boolean> {
  const batch = new Batch(sink);
  for (;;) {
    const change = watch.poll();
    if (change === "expired") batch.add(eventText("ERROR", JSON.stringify(overtaken(watch))));
    else if (change !== undefined) batch.add(eventText(change.type, presenter.watched(change.object)));
    const last = change === undefined || change === "expired";
    if (last || batch.full) await batch.send();
    if (last) return change === undefined;
  }
}

/** Waits for a slow client, so that what it has not read stays in the store's log and not in our memory. */
class Batch {
  readonly #sink: WatchSink;
  #events: string[] = [];
  #size = 0;

  constructor(sink: WatchSink) {
    this.#sink = sink;
  }

  get full(): boolean {
    return this.#size >= batchSize;
  }

  add(event: string): void {
    this.#events.push(event);
    this.#size += event.length;
  }

  async send(): Promise<void> {
    if (this.#size === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#size = 0;
    await this.#sink.send(events);
  }
}

function overtaken(watch: Watch): Status {
  return expired(watch.revision, watch.revision).status;
}

function eventText(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}`;
}

function setIntervalIf(milliseconds: number | undefined, run: () => void): NodeJS.Timeout | undefined {
  return milliseconds === undefined ? undefined : setInterval(run, milliseconds);
}
