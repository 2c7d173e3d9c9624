import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { changeJson, diffCounts, lonePeerJson } from "./connection-diff-data.ts";

/** The diff as JSON, in chunks: counts, then every change, a line each. */
export function* connectionDiffJson(diff: ConnectionDiff): Iterable<string> {
  yield `{\n  "kind": "ConnectionDiff",\n  "counts": ${JSON.stringify(diffCounts(diff))},\n  "changes": [`;
  yield* items(diff.changes, (change) => JSON.stringify(changeJson(change)));
  yield '],\n  "added": [';
  yield* items(diff.added, (lone) => JSON.stringify(lonePeerJson(lone)));
  yield '],\n  "removed": [';
  yield* items(diff.removed, (lone) => JSON.stringify(lonePeerJson(lone)));
  yield "]\n}\n";
}

function* items<T>(all: Iterable<T>, text: (item: T) => string): Iterable<string> {
  let any = false;
  for (const item of all) {
    yield `${any ? "," : ""}\n    ${text(item)}`;
    any = true;
  }
  if (any) yield "\n  ";
}
