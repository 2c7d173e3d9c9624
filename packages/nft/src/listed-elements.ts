import { formatTableRef } from "./format-table.ts";
import { formatName } from "./name.ts";
import type { SetRef } from "./nft.ts";
import { parseListedSet } from "./parse-listed-set.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { TableRef } from "./table.ts";

/**
 * What to ask the interactive nft for some sets and maps. A line for each: nft 1.0.6 answers several on one line as if
 * only the last one's table had been asked for.
 */
export function questionsOf(table: TableRef, objects: readonly SetRef[]): string {
  return objects
    .map(({ name, value }) => {
      const kind = value === undefined ? "set" : "map";
      return `list ${kind} ${formatTableRef(table)} ${formatName(name)}\n`;
    })
    .join("");
}

/**
 * The sets and maps in its answer, by name.
 * @throws NftParseError for anything that this package could not have written.
 */
export function elementsIn(answer: string): ReadonlyMap<string, NftSet | NftMap> {
  const found = new Map<string, NftSet | NftMap>();
  for (const listing of answer.split(/^(?=table )/m)) {
    const object = listing.startsWith("table ") ? parseListedSet(listing) : undefined;
    if (object !== undefined) found.set(object.name, object);
  }
  return found;
}
