import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { changeJson, diffCounts, lonePeerJson } from "./connection-diff-data.ts";

/** What `connectionDiffJson` says, as YAML, in chunks; each item stands in flow style on a line. */
export function* connectionDiffYaml(diff: ConnectionDiff): Iterable<string> {
  yield `kind: ConnectionDiff\ncounts: ${JSON.stringify(diffCounts(diff))}\nchanges:`;
  yield* items(diff.changes, (change) => JSON.stringify(changeJson(change)));
  yield "added:";
  yield* items(diff.added, (lone) => JSON.stringify(lonePeerJson(lone)));
  yield "removed:";
  yield* items(diff.removed, (lone) => JSON.stringify(lonePeerJson(lone)));
}

function* items<T>(
  all: Iterable<T> & { readonly length: number },
  text: (item: T) => string,
): Iterable<string> {
  yield all.length === 0 ? " []\n" : "\n";
  for (const item of all) yield `- ${text(item)}\n`;
}
