import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { outsideText } from "../text/addresses-text.ts";
import type { ConnectionMatrix } from "./connection-matrix.ts";

/** A matrix summed up by namespace, the outside as one of them. */
export interface NamespaceMatrix {
  readonly names: readonly string[];
  /** By row, then column: which part of the pairs of workloads has a connection; undefined where there is no pair. */
  readonly shares: readonly (readonly (number | undefined)[])[];
}

export function namespaceMatrix(
  list: ConnectionList,
  { rows, columns, cells }: ConnectionMatrix,
): NamespaceMatrix {
  const namespace = (peer: ListedPeer) => (peer.kind === "outside" ? undefined : peer.namespace);
  const known = new Set([...rows, ...columns].map(namespace));
  const names = [...known].filter((name) => name !== undefined).sort();
  const places = new Map<string | undefined, number>(names.map((name, at) => [name, at]));
  if (known.has(undefined)) places.set(undefined, names.length);
  const pairs = [...places].map(() => new Float64Array(places.size));
  const connected = [...places].map(() => new Float64Array(places.size));
  for (const [column, destination] of columns.entries()) {
    const to = places.get(namespace(destination))!;
    const own = cells.get(column);
    for (const [row, source] of rows.entries()) {
      if (!list.asks(source, destination)) continue;
      const from = places.get(namespace(source))!;
      pairs[from]![to]!++;
      if (own !== undefined && own[row]! > 0) connected[from]![to]!++;
    }
  }
  return {
    names: known.has(undefined) ? [...names, outsideText] : names,
    shares: pairs.map((row, from) =>
      [...row].map((all, to) => (all === 0 ? undefined : connected[from]![to]! / all)),
    ),
  };
}
