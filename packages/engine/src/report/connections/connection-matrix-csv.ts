import type { ConnectionList } from "../../reach/connection-list.ts";
import { Names } from "../names.ts";
import { csvField } from "../text/csv-field.ts";
import { connectionMatrix } from "./connection-matrix.ts";

/** The matrix of a list as CSV, in chunks: a row for each source, a column for each destination, ports in the cells. */
export function* connectionMatrixCsv(list: ConnectionList): Iterable<string> {
  const names = new Names(csvField);
  const { rows, columns, portSets, cells } = connectionMatrix(list);
  const texts = ["", ...portSets.map((set) => names.ports(set))];
  yield `source,${columns.map((peer) => names.peer(peer)).join()}\n`;
  for (const [row, source] of rows.entries()) {
    yield `${names.peer(source)},${columns.map((_, column) => texts[cells.get(column)?.[row] ?? 0]).join()}\n`;
  }
}
