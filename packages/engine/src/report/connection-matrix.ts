import type { PortSet } from "../net/port-set.ts";
import type { ConnectionList } from "../reach/connection-list.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";

/** Who reaches whom: rows are sources, columns destinations, each peer of the list and what it has of the outside. */
export interface ConnectionMatrix {
  readonly rows: readonly ListedPeer[];
  readonly columns: readonly ListedPeer[];
  /** The port sets that occur; a cell holds the place of one plus 1. */
  readonly portSets: readonly PortSet[];
  /** By column, then by row; 0 where there is no connection. Columns without any are absent. */
  readonly cells: ReadonlyMap<number, Uint32Array>;
  readonly connections: number;
}

/** The list as a matrix. It takes four bytes for each pair of a source and a destination. */
export function connectionMatrix(list: ConnectionList): ConnectionMatrix {
  const rows: ListedPeer[] = [];
  const columns: ListedPeer[] = [];
  const rowOf = new Map<ListedPeer, number>();
  const columnOf = new Map<ListedPeer, number>();
  const shown = new Set<ListedPeer>();
  for (const { destination, sources } of list.groups()) {
    for (const peer of [destination, ...sources]) shown.add(peer);
    if (destination.kind === "outside") enter(destination, columns, columnOf);
    for (const source of sources) if (source.kind === "outside") enter(source, rows, rowOf);
  }
  const outside = { rows: rows.splice(0), columns: columns.splice(0) };
  const pods = list.partial ? list.peers.filter((peer) => shown.has(peer)) : list.peers;
  for (const peer of [...pods, ...outside.rows]) enter(peer, rows, rowOf, true);
  for (const peer of [...pods, ...outside.columns]) enter(peer, columns, columnOf, true);

  const numbers = new Map<PortSet, number>();
  const cells = new Map<number, Uint32Array>();
  let connections = 0;
  for (const { destination, sources, ports } of list.groups()) {
    const column = columnOf.get(destination)!;
    const own = cells.get(column) ?? new Uint32Array(rows.length);
    cells.set(column, own);
    for (const [at, source] of sources.entries()) {
      const set = ports[at]!;
      if (!numbers.has(set)) numbers.set(set, numbers.size + 1);
      own[rowOf.get(source)!] = numbers.get(set)!;
      connections++;
    }
  }
  return { rows, columns, portSets: [...numbers.keys()], cells, connections };
}

function enter(peer: ListedPeer, list: ListedPeer[], places: Map<ListedPeer, number>, again = false): void {
  if (places.has(peer) && !again) return;
  places.set(peer, list.length);
  list.push(peer);
}
