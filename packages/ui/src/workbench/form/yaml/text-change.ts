/** Replaces the UTF-16 code units `from`..`to` (exclusive) of a text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Applies changes that do not overlap; of two at one place the first in the list comes first in the text. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = text;
  for (const { from, to, insert } of changes.toSorted((a, b) => a.from - b.from).reverse())
    result = result.slice(0, from) + insert + result.slice(to);
  return result;
}

/** The smallest single change that makes one text of another. */
export function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
