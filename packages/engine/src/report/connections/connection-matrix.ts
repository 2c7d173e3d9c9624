import type { Direction } from "../../model/network-policy.ts";
import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";

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
  const shown = { rows: new Set<ListedPeer>(), columns: new Set<ListedPeer>() };
  for (const { destination, sources } of list.groups()) {
    shown.columns.add(destination);
    for (const source of sources) shown.rows.add(source);
  }
  const side = (own: ReadonlySet<ListedPeer>, direction: Direction): readonly ListedPeer[] => [
    ...list.peers.filter((peer) => own.has(peer) || list.inFocus(peer, direction)),
    ...[...own].filter(({ kind }) => kind === "outside"),
  ];
  const [rows, columns] = [side(shown.rows, "Egress"), side(shown.columns, "Ingress")];
  const rowOf = new Map(rows.map((peer, at) => [peer, at]));
  const columnOf = new Map(columns.map((peer, at) => [peer, at]));

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
