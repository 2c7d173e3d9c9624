import type { Interval } from "./address.ts";
import { type FieldType, isRangeType, parseInterval } from "./field.ts";

/** One key that has ranges: an interval for each field that can be one. */
interface RangedKey {
  readonly text: string;
  readonly intervals: readonly Interval[];
}

/** Ranged keys that agree in their other fields, by the start of their first interval. */
interface Bucket {
  readonly keys: RangedKey[];
  /** The greatest end among a key and those before it. */
  readonly reach: bigint[];
}

function isRanged(text: string): boolean {
  return text.includes("/") || text.includes("-");
}

function compareStarts(a: RangedKey, b: RangedKey): number {
  const [x, y] = [a.intervals[0]?.first ?? 0n, b.intervals[0]?.first ?? 0n];
  return x < y ? -1 : x > y ? 1 : 0;
}

/**
 * Finds the key of a set that covers a point or overlaps a key. Keys without ranges are found by their text; of those
 * with ranges only the ones are looked at that start before the point and of which one reaches it.
 */
export class KeyIndex {
  readonly #types: readonly FieldType[];
  readonly #exact = new Set<string>();
  readonly #buckets = new Map<string, Bucket>();

  /** @param exact whether keys without ranges go by their text; not so when overlaps are looked for. */
  constructor(types: readonly FieldType[], keys: Iterable<readonly string[]>, exact = true) {
    this.#types = types;
    const rest: (readonly string[])[] = [];
    for (const key of keys) {
      if (!exact || types.some((type, i) => isRangeType(type) && isRanged(key[i] ?? ""))) rest.push(key);
      else this.#exact.add(key.join(" . "));
    }
    for (const key of rest)
      this.#bucket(key).keys.push({ text: key.join(" . "), intervals: this.#intervals(key) });
    for (const { keys: list, reach } of this.#buckets.values()) {
      list.sort(compareStarts);
      for (const { intervals } of list) {
        const end = intervals[0]?.last ?? 0n;
        const before = reach.at(-1) ?? end;
        reach.push(before > end ? before : end);
      }
    }
  }

  /** Text of the key that covers the point: one value without ranges for each field. */
  find(point: readonly string[]): string | undefined {
    const text = point.length === 1 ? (point[0] ?? "") : point.join(" . ");
    if (this.#exact.has(text)) return text;
    return this.#buckets.size === 0 ? undefined : this.#search(point);
  }

  /** Text of a key that has a point in common with `key`; undefined when there is none but itself. Not for exact ones. */
  overlapping(key: readonly string[]): string | undefined {
    const self = key.join(" . ");
    return this.#search(key, self);
  }

  #search(key: readonly string[], except?: string): string | undefined {
    const bucket = this.#buckets.get(this.#plainText(key));
    if (!bucket) return undefined;
    const wanted = this.#intervals(key);
    const [head] = wanted;
    if (!head) return undefined;
    let [low, high] = [0, bucket.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bucket.keys[middle]?.intervals[0]?.first ?? 0n) <= head.last) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && (bucket.reach[i] ?? 0n) >= head.first; i--) {
      const candidate = bucket.keys[i] as RangedKey;
      if (candidate.text === except) continue;
      if (candidate.intervals.every((have, f) => touches(have, wanted[f] as Interval))) return candidate.text;
    }
    return undefined;
  }

  #bucket(key: readonly string[]): Bucket {
    const text = this.#plainText(key);
    const known = this.#buckets.get(text);
    if (known) return known;
    const bucket: Bucket = { keys: [], reach: [] };
    this.#buckets.set(text, bucket);
    return bucket;
  }

  #plainText(key: readonly string[]): string {
    return key.filter((_, i) => !isRangeType(this.#types[i] as FieldType)).join(" . ");
  }

  #intervals(key: readonly string[]): Interval[] {
    return key.flatMap((text, i) => {
      const type = this.#types[i] as FieldType;
      if (!isRangeType(type)) return [];
      const interval = parseInterval(type, text);
      if (!interval) throw new Error(`${JSON.stringify(text)} is no value of type ${type}`);
      return [interval];
    });
  }
}

function touches(a: Interval, b: Interval): boolean {
  return a.first <= b.last && b.first <= a.last;
}
