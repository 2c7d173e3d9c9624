import type { NftMap, NftSet, Table } from "@portcullis/nft";

/** Elements of several sets that are read at one go: some 5 ms of parsing. A larger set is read alone. */
export const elementsAtOnce = 5_000;

/** Sets that are read at one go: each is a question to nft. */
const setsAtOnce = 32;

/** Takes from the end of `left` the sets and maps that are to be read next, at least one; `sizeOf` is in elements. */
export function takePart(left: string[], sizeOf: (name: string) => number): readonly string[] {
  const part: string[] = [];
  let elements = 0;
  for (let name = left.at(-1); name !== undefined; name = left.at(-1)) {
    const size = sizeOf(name);
    if (part.length > 0 && (part.length === setsAtOnce || elements + size > elementsAtOnce)) break;
    left.pop();
    part.push(name);
    elements += size;
  }
  return part;
}

/** The sets and maps that we fill, and not packets, in an order to be taken from. */
export function filledByUs({ sets, maps }: Table): string[] {
  const filled = [...sets.values()].filter(({ dynamic }) => !dynamic);
  return [...filled, ...maps.values()].map(({ name }) => name).reverse();
}

export function objectOf({ sets, maps }: Table, name: string): NftSet | NftMap | undefined {
  return sets.get(name) ?? maps.get(name);
}
