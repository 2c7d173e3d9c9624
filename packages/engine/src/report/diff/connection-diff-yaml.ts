import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { yamlItems } from "../text/yaml-items.ts";
import { changesJson, diffCounts, lonePeerJson } from "./connection-diff-data.ts";

/** What `connectionDiffJson` says, as YAML, in chunks; each item stands in flow style on a line. */
export function* connectionDiffYaml(diff: ConnectionDiff): Iterable<string> {
  yield `kind: ConnectionDiff\ncounts: ${JSON.stringify(diffCounts(diff))}\nchanges:`;
  yield* yamlItems(changesJson(diff));
  yield "\nadded:";
  yield* yamlItems(diff.added.map(lonePeerJson));
  yield "\nremoved:";
  yield* yamlItems(diff.removed.map(lonePeerJson));
  yield "\n";
}
