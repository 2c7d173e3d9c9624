/** Something whose time is compared with others'. */
export interface Contender {
  readonly name: string;
  /** The work of one slice, synchronous. */
  run(): void;
  /** Operations of one `run`. */
  readonly count: number;
  /** Brings back the state that every slice starts from; not measured. */
  reset?(): void;
}

export interface SliceOptions {
  /** Rounds, at most. */
  readonly slices: number;
  /** Begin no further round after this many seconds, except that there are always three. */
  readonly seconds?: number;
  /** Reads a clock, in nanoseconds. */
  readonly clock: () => number;
}

/**
 * Nanoseconds per operation of every contender, one value per slice. Slices alternate, and every round begins with
 * another contender, so that drift and disturbances meet all of them alike. The first round warms up and is dropped.
 */
export function alternateSlices(
  contenders: readonly Contender[],
  { slices, seconds = Number.POSITIVE_INFINITY, clock }: SliceOptions,
): Map<string, number[]> {
  const results = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const end = performance.now() + seconds * 1000;
  for (let round = -1; round < slices; round++) {
    if (round >= 3 && performance.now() > end) break;
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + contenders.length) % contenders.length]!;
      contender.reset?.();
      const before = clock();
      contender.run();
      const spent = clock() - before;
      if (round >= 0) results.get(contender.name)?.push(spent / contender.count);
    }
  }
  return results;
}

export function wallNanoseconds(): number {
  return performance.now() * 1e6;
}
