import { elementDifference, type Nft, type NftMap, type NftSet, type Table } from "@portcullis/nft";
import { table } from "./names.ts";
import { filledByUs, objectOf, takePart } from "./set-parts.ts";

/** Elements of a table that is read at one go. Until they are compared, each takes some 300 bytes. */
const elementsAtMost = 100_000;

/** Our table in the kernel, of which `likely` is what it probably has; undefined when there is none. */
export async function readTable(nft: Nft, likely: Table): Promise<Table | undefined> {
  const elements = [...likely.sets.values(), ...likely.maps.values()].reduce(
    (sum, object) => sum + object.elements.size,
    0,
  );
  return elements > elementsAtMost ? await readInParts(nft, likely) : await nft.list(table);
}

/**
 * As `Nft.list`, some sets at a time, and without what packets fill. What is as in `likely` becomes its objects, so that
 * a table which is as it should be is never held twice. Between the parts somebody else may write: then what is written
 * after it is refused, or the drift check finds it.
 */
export async function readInParts(nft: Nft, likely: Table): Promise<Table | undefined> {
  const terse = await nft.listTerse(table);
  if (terse === undefined) return undefined;
  const sets = new Map(terse.sets);
  const maps = new Map(terse.maps);
  const sizeOf = (name: string) => objectOf(likely, name)?.elements.size ?? Number.POSITIVE_INFINITY;
  for (const left = filledByUs(terse); left.length > 0; ) {
    const part = takePart(left, sizeOf).flatMap((name) => objectOf(terse, name) ?? []);
    for (const found of (await nft.listElements(table, part)).values()) {
      const object = sameOf(likely, found);
      if ("value" in object) maps.set(object.name, object);
      else sets.set(object.name, object);
    }
  }
  return { ...terse, sets, maps };
}

function sameOf(likely: Table, found: NftSet | NftMap): NftSet | NftMap {
  const wanted = objectOf(likely, found.name);
  return wanted !== undefined && elementDifference(found, wanted).length === 0 ? wanted : found;
}
