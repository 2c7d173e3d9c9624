import type { Cause } from "../../diff/cause.ts";
import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import type { PortSet } from "../../net/port-set.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";

/** One change in one sense; a pair of peers that gains some ports and loses others has two. */
export interface DiffLine {
  readonly change: "opened" | "closed";
  readonly source: ListedPeer;
  readonly destination: ListedPeer;
  readonly ports: PortSet;
  readonly causes: readonly Cause[];
}

/** Every change of a diff by itself: what opened first. */
export function* diffLines({ changes }: ConnectionDiff): Iterable<DiffLine> {
  for (const { source, destination, opened, openedBy } of changes)
    if (!opened.isEmpty) yield { change: "opened", source, destination, ports: opened, causes: openedBy };
  for (const { source, destination, closed, closedBy } of changes)
    if (!closed.isEmpty) yield { change: "closed", source, destination, ports: closed, causes: closedBy };
}

/** The texts of causes in a list, each made once: equal lists are one object. */
export function causeTexts(write: (cause: Cause) => string): (causes: readonly Cause[]) => readonly string[] {
  const memo = new Map<readonly Cause[], readonly string[]>();
  return (causes) => {
    let texts = memo.get(causes);
    if (texts === undefined) {
      texts = causes.map(write);
      memo.set(causes, texts);
    }
    return texts;
  };
}
