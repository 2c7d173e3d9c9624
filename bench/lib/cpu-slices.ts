import * as libc from "./libc.ts";

/** Something whose CPU time is compared with others'. */
export interface Contender {
  readonly name: string;
  /** The work of one slice; all of it in the calling thread. */
  run(): void;
  /** Operations of one `run`. */
  readonly count: number;
  /** Brings back the state that every slice starts from; not measured. */
  reset?(): void;
}

/**
 * CPU nanoseconds per operation of every contender, one value per slice. Slices alternate, and every round begins with
 * another contender, so that drift and disturbances meet all of them alike. The first round warms up and is dropped.
 */
export function alternateSlices(contenders: readonly Contender[], slices: number): Map<string, number[]> {
  const results = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < slices; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + contenders.length) % contenders.length]!;
      contender.reset?.();
      const before = libc.threadCpuNanoseconds();
      contender.run();
      const spent = libc.threadCpuNanoseconds() - before;
      if (round >= 0) results.get(contender.name)?.push(spent / contender.count);
    }
  }
  return results;
}
