import { invalidOptions } from "../../registry/refusals.ts";
import type { FieldError } from "../../registry/resource-def.ts";
import type { Exchange } from "../exchange.ts";
import { presenterOf } from "../present.ts";
import { booleanParam, numberParam } from "../query.ts";
import type { ResourcePath } from "../request-path.ts";
import { streamWatch } from "../watch-stream.ts";
import { scopeOf } from "./list.ts";

/** GET of a collection with `watch`: what happens after a revision; without one, what exists comes first. */
export async function watch(exchange: Exchange, target: ResourcePath): Promise<void> {
  const { query, options } = exchange;
  const { registry, bookmarkEveryMs } = options;
  const { def } = target;
  refuseContradictions(query);
  const presenter = presenterOf(exchange, def);
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
  await streamWatch(exchange, registry.watch(def, revision, scope), {
    presenter,
    initial: items,
    markInitialEnd: sendInitial && bookmarks,
    ...(bookmarks ? { bookmarkEveryMs } : {}),
    ...(seconds === undefined || seconds === 0
      ? {}
      : { timeoutMs: Math.min(seconds, maxTimeoutSeconds) * 1000 }),
  });
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
