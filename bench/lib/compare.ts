import { Cluster, type ClusterObject } from "@portcullis/engine";
import { type Measurement, pairedRatio } from "./report.ts";
import { alternateSlices, type Contender, wallNanoseconds } from "./slices.ts";
import { median } from "./statistics.ts";

const slices = 25;
const secondsPerPart = 4;

/** The first contender is the baseline of the others; each does `count` operations a run. */
export function compare(
  pods: number,
  baseline: string,
  unit: "µs" | "ms",
  contenders: readonly ([string, () => unknown] | Contender)[],
  count = 1,
): Measurement[] {
  const all = contenders.map((each) =>
    "name" in each ? each : { name: each[0], count, run: () => void each[1]() },
  );
  const spent = alternateSlices(all, { slices, seconds: secondsPerPart, clock: wallNanoseconds });
  const base = spent.get(baseline)!;
  const nanoseconds = unit === "µs" ? 1e3 : 1e6;
  return all
    .filter(({ name }) => name !== baseline)
    .map(({ name }) => ({
      subject: name,
      pods,
      baseline: { name: baseline, value: median(base) / nanoseconds, unit },
      ratio: pairedRatio(spent.get(name)!, base),
    }));
}

export function loaded(objects: readonly ClusterObject[]): Cluster {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}
