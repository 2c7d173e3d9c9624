import { invalidOptions } from "../../registry/refusals.ts";
import type { FieldError } from "../../registry/resource-def.ts";
import { presenterFor } from "../../representation/presenter.ts";
import type { Exchange, RestOptions } from "../exchange.ts";
import { booleanParam, numberParam } from "../query.ts";
import type { ResourcePath } from "../request-path.ts";
import { responseSink } from "../response-sink.ts";
import { streamWatch, type WatchSink } from "../watch-stream.ts";
import { scopeOf } from "./list.ts";

/** What of the server a watch is about. */
export type WatchDependencies = Pick<RestOptions, "registry" | "clock" | "bookmarkEveryMs">;

/** GET of a collection with `watch`: what happens after a revision; without one, what exists comes first. */
export async function watch(exchange: Exchange, target: ResourcePath): Promise<void> {
  const opened = openWatch(exchange, target);
  await opened.stream(responseSink(exchange));
}

/** A watch before its first event. */
export interface OpenWatch {
  stream(sink: WatchSink): Promise<void>;
  /** For one that is not streamed after all. */
  close(): void;
}

/**
 * The watch that a request asks for, whatever its events are sent by.
 * @throws StatusError for one that cannot be had.
 */
export function openWatch(
  { request, query, options }: Pick<Exchange, "request" | "query"> & { readonly options: WatchDependencies },
  target: ResourcePath,
): OpenWatch {
  const { registry, bookmarkEveryMs, clock } = options;
  const { def } = target;
  refuseContradictions(query);
  const presenter = presenterFor(request.headers.accept, def, query, clock);
  const scope = scopeOf(target, query);
  const since = numberParam(query, "resourceVersion") ?? 0;
  const asked = query.get("sendInitialEvents");
  const sendInitial = booleanParam(query, "sendInitialEvents");
  const seconds = numberParam(query, "timeoutSeconds");
  const bookmarks = booleanParam(query, "allowWatchBookmarks");
  const fromState = sendInitial || (since === 0 && !asked);
  // Of a watch that wants nothing of what exists, the time before now is no part either.
  const start = since === 0 ? registry.revision : since;
  const { items, revision } = fromState ? registry.list(def, scope) : { items: [], revision: start };
  const opened = registry.watch(def, revision, scope);
  const timeoutMs = Math.min(seconds ?? 0, maxTimeoutSeconds) * 1000;
  const stream = {
    presenter,
    initial: items,
    markInitialEnd: sendInitial && bookmarks,
    ...(bookmarks ? { bookmarkEveryMs } : {}),
    ...(timeoutMs === 0 ? {} : { timeoutMs }),
  };
  return { stream: (sink) => streamWatch(sink, opened, stream), close: () => opened.close() };
}

/** What a timer can hold, in seconds. */
const maxTimeoutSeconds = 2_000_000;

/** The combinations that the API server refuses (apimachinery, internalversion/validation). */
function refuseContradictions(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const asked = query.has("sendInitialEvents");
  const errors: FieldError[] = [];
  const forbid = (path: string, why: string) => {
    errors.push({ path, message: `Forbidden: ${why}`, code: "forbidden" });
  };
  if (asked && match === "")
    forbid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  if (!asked && match !== "")
    forbid(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  if (asked && match !== "" && match !== "NotOlderThan") {
    const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "NotOlderThan"`;
    errors.push({ path: "resourceVersionMatch", message, code: "not-supported" });
  }
  if (errors.length > 0) throw invalidOptions("ListOptions", errors);
}
