type List = readonly unknown[];

/**
 * Orders a merged list. What `wanted` names comes in that order; everything else keeps the order it had in `before`. An
 * item of the second sort stays ahead of one of the first sort when it was so before (Kubernetes design proposal
 * "preserve order in strategic merge patch").
 */
export function inOrder(merged: List, wanted: List, before: List, keyOf: (item: unknown) => unknown): List {
  const wantedAt = positions(wanted, keyOf);
  const beforeAt = positions(before, keyOf);
  const named = stableSort(
    merged.filter((item) => wantedAt.has(keyOf(item))),
    (item) => wantedAt.get(keyOf(item)),
  );
  const others = stableSort(
    merged.filter((item) => !wantedAt.has(keyOf(item))),
    (item) => beforeAt.get(keyOf(item)),
  );
  const ordered: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const limit = beforeAt.get(keyOf(item));
    while (limit !== undefined && next < others.length) {
      const place = beforeAt.get(keyOf(others[next]));
      if (place === undefined || place > limit) break;
      ordered.push(others[next++]);
    }
    ordered.push(item);
  }
  return [...ordered, ...others.slice(next)];
}

function positions(list: List, keyOf: (item: unknown) => unknown): Map<unknown, number> {
  const at = new Map<unknown, number>();
  for (const [i, item] of list.entries()) if (!at.has(keyOf(item))) at.set(keyOf(item), i);
  return at;
}

function stableSort(list: List, placeOf: (item: unknown) => number | undefined): List {
  return [...list].sort((a, b) => (placeOf(a) ?? Infinity) - (placeOf(b) ?? Infinity) || 0);
}
