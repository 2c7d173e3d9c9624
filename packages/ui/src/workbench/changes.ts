import { itself, type Picture, type PicturePeer } from "../engine/picture.ts";

/** What a draft does to one connection. */
export interface Change {
  readonly kind: "opened" | "closed" | "changed";
  readonly source: PicturePeer;
  readonly destination: PicturePeer;
  /** Ports in words; "" for none. */
  readonly before: string;
  readonly after: string;
}

export interface Changes {
  /** By source, then destination, in the draft's order. At most `limit`. */
  readonly list: readonly Change[];
  readonly opened: number;
  readonly closed: number;
  readonly changed: number;
  /** Peers of one state only; what they may reach is in no change. */
  readonly added: readonly PicturePeer[];
  readonly removed: readonly PicturePeer[];
}

/** More changes than this nobody reads one by one; they are counted. */
const limit = 2_000;

/** What a draft opens and closes. Peers are the same when their ids are. */
export function changesOf(base: Picture, draft: Picture): Changes {
  const was = new Map(base.peers.map(({ id }, at) => [id, at]));
  const is = new Set(draft.peers.map(({ id }) => id));
  const common = [...draft.peers.keys()].flatMap((at) => {
    const before = was.get(draft.peers[at]!.id);
    return before === undefined ? [] : [{ at, before }];
  });
  const counts = { opened: 0, closed: 0, changed: 0 };
  const list: Change[] = [];
  // Sets of ports have other numbers in the two pictures: numbers that mean the same are found once.
  const same = numbersInBase(base, draft);
  for (const source of common) {
    for (const destination of common) {
      const before = base.cells[source.before * base.peers.length + destination.before]!;
      const after = draft.cells[source.at * draft.peers.length + destination.at]!;
      if (before === itself || after === itself || same[after] === before) continue;
      const kind = before === 0 ? "opened" : after === 0 ? "closed" : "changed";
      counts[kind]++;
      if (list.length >= limit) continue;
      list.push({
        kind,
        source: draft.peers[source.at]!,
        destination: draft.peers[destination.at]!,
        before: base.portSets[before]!,
        after: draft.portSets[after]!,
      });
    }
  }
  return {
    list,
    ...counts,
    added: draft.peers.filter(({ id }) => !was.has(id)),
    removed: base.peers.filter(({ id }) => !is.has(id)),
  };
}

/** Of each number of a set of ports in the draft the number of the equal set in the base; -1 where there is none. */
function numbersInBase(base: Picture, draft: Picture): readonly number[] {
  const numbers = new Map(base.portSets.map((text, number) => [text, number]));
  return draft.portSets.map((text) => numbers.get(text) ?? -1);
}
