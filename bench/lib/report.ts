import { median, percentile } from "./statistics.ts";

type Unit = "µs" | "ms" | "KiB";

/** What one benchmark found. */
export interface Report {
  readonly benchmark: string;
  readonly measurements: readonly Measurement[];
  /** What a reader has to know to judge the figures: sizes drawn by the seed, what could not be measured. */
  readonly notes: readonly string[];
}

/** A subject at one size, as multiples of a baseline that was measured in the same run. */
export interface Measurement {
  readonly subject: string;
  /** Pods in the cluster (or started, where that is the subject). */
  readonly pods: number;
  readonly baseline: Baseline;
  readonly ratio: Ratio;
}

interface Baseline {
  readonly name: string;
  /** Median of its own runs. */
  readonly value: number;
  readonly unit: Unit;
}

export interface Ratio {
  readonly median: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** Each run against the baseline's run of the same slice: what disturbs one disturbs the other. */
export function pairedRatio(values: readonly number[], baseline: readonly number[]): Ratio {
  return ratioOf(values.map((value, i) => value / (baseline[i] ?? Number.NaN)));
}

/** Each run against the baseline's median: for runs whose tail is of interest, such as latencies. */
export function ratioToMedian(values: readonly number[], baseline: readonly number[]): Ratio {
  const unit = median(baseline);
  return ratioOf(values.map((value) => value / unit));
}

function ratioOf(ratios: readonly number[]): Ratio {
  return {
    median: median(ratios),
    p99: percentile(ratios, 0.99),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    count: ratios.length,
  };
}
