import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { jsonItems } from "../text/json-items.ts";
import { changesJson, diffCounts, lonePeerJson } from "./connection-diff-data.ts";

/** The diff as JSON, in chunks: counts, then every change, a line each. */
export function* connectionDiffJson(diff: ConnectionDiff): Iterable<string> {
  yield `{\n  "kind": "ConnectionDiff",\n  "counts": ${JSON.stringify(diffCounts(diff))},\n  "changes": [`;
  yield* jsonItems(changesJson(diff));
  yield '],\n  "added": [';
  yield* jsonItems(diff.added.map(lonePeerJson));
  yield '],\n  "removed": [';
  yield* jsonItems(diff.removed.map(lonePeerJson));
  yield "]\n}\n";
}
