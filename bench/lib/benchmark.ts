import type { Report } from "./report.ts";

export interface Benchmark {
  /**
   * Measures and reports. Runs in a process of its own; with `isolated` as root of fresh user, network, mount and PID
   * namespaces that are gone when the process ends.
   */
  run(options: BenchmarkOptions): Promise<Report>;
}

export interface BenchmarkOptions {
  readonly seed: number;
  /** Numbers of pods, ascending; undefined leaves the choice to the benchmark. */
  readonly pods?: readonly number[];
  /** Of the benchmarks `agent` and `policy-update`: how many policies; else one for ten pods. */
  readonly policies?: number;
}

/** Tells the person at the terminal how far it has come. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
