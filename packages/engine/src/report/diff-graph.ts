import type { ConnectionDiff } from "../diff/connection-diff.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffLines } from "./diff-lines.ts";
import { listedPeerText } from "./listed-peer-text.ts";

/** The peers that a drawing of a diff has, by their texts: those that something changes for, and those new or gone. */
export function diffVertices(diff: ConnectionDiff): {
  readonly changed: readonly string[];
  readonly lone: ReadonlyMap<string, "new" | "gone">;
} {
  const changed = new Set<string>();
  for (const { source, destination } of diffLines(diff)) {
    changed.add(listedPeerText(source));
    changed.add(listedPeerText(destination));
  }
  const lone = new Map(lonePeersOf(diff).map(([word, { peer }]) => [listedPeerText(peer), word]));
  return { changed: [...changed].sort(), lone };
}
