import type { ConnectionList } from "@portcullis/engine";
import type { Progress } from "../io/progress.ts";

/** The list, which knows how many connections it gave when it was last gone through, and tells how far that is. */
export function countedList(
  list: ConnectionList,
  progress: Progress,
): ConnectionList & { readonly connections: number } {
  let connections = 0;
  return {
    ...list,
    *groups() {
      connections = 0;
      let at = 0;
      for (const group of list.groups()) {
        connections += group.sources.length;
        if (++at <= list.peers.length) progress.show(`listing: destination ${at} of ${list.peers.length}`);
        yield group;
      }
    },
    get connections() {
      return connections;
    },
  };
}
