import {
  type Cluster,
  connectionDiff,
  connectionList,
  connectionsCsv,
  lint,
  PortSet,
  reachSummary,
  readManifest,
} from "@portcullis/engine";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { compare, loaded } from "./lib/compare.ts";
import { besideOurs, peerFigures } from "./lib/peer-figures.ts";
import { Random } from "./lib/random.ts";
import type { Measurement, Report } from "./lib/report.ts";
import { objectsOf, type SyntheticCluster, syntheticCluster } from "./lib/synthetic-cluster.ts";
import { manifestOf } from "./lib/synthetic-manifest.ts";

/**
 * What the questions of the command line cost once the objects are read, against loading them into a Cluster: the figures of a
 * whole cluster, its list at all ports, lint, a diff after some or half of the policies went, and one pair of pods. The notes have
 * what reading, loading and listing take together beside what other analysers took.
 */
export const analysis: Benchmark = { run };

const load = "load a Cluster";
const pairs = 1_000;
const http = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);

async function run({ seed, pods = [100, 1_000, 10_000] }: BenchmarkOptions): Promise<Report> {
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const made = syntheticCluster({ pods: size, policies: Math.max(5, size / 5), seed });
    progress(`analysis: ${size} pods, whole clusters`);
    measurements.push(...wholeClusters(made, size));
    progress(`analysis: ${size} pods, pairs`);
    measurements.push(...singlePairs(made, size, seed));
    notes.push(describe(loaded(objectsOf(made)), size));
  }
  progress("analysis: beside other analysers");
  notes.push(...besideOthers(seed));
  return { benchmark: "analysis", measurements, notes };
}

/** Reading manifests, loading and listing at all ports, in seconds of CPU, beside what others took for it. */
function besideOthers(seed: number): string[] {
  return peerFigures.map(({ pods, policies, peers }) => {
    const made = syntheticCluster({ pods, policies, seed });
    const documents = [...made.namespaces, ...made.pods, ...made.policies].map(manifestOf);
    const text = documents.map((each) => JSON.stringify(each)).join("\n---\n");
    const runs = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      lengthOf(connectionsCsv(connectionList(loaded(readManifest(text, "bench").objects))));
      return process.cpuUsage(before).user / 1e6;
    });
    const ours = Math.min(...runs);
    return `${pods} pods, ${policies} policies, read and listed in ${ours.toFixed(3)} s of CPU by a Node that is warm; others took, all in all, ${besideOurs(peers, ours)}`;
  });
}

function wholeClusters(made: SyntheticCluster, size: number): Measurement[] {
  const objects = objectsOf(made);
  const cluster = loaded(objects);
  const without = (left: (at: number) => boolean) => {
    const copy = loaded(objects);
    for (const [at, { namespace, name }] of made.policies.entries())
      if (!left(at)) copy.delete("NetworkPolicy", namespace, name);
    return copy;
  };
  const fewer = without((at) => at >= made.policies.length / 20);
  const half = without((at) => at % 4 < 2);
  const contenders: [string, () => unknown][] = [
    [load, () => loaded(objects)],
    ["figures of the whole cluster", () => reachSummary(cluster, http)],
    ["lint", () => lint(cluster)],
  ];
  // A list of ten thousand pods has tens of millions of lines, which is no work for a benchmark that alternates.
  if (size <= 1_000)
    contenders.push(
      ["list at all ports, as CSV", () => lengthOf(connectionsCsv(connectionList(cluster)))],
      [
        "lists of both, before and after half of the policies went",
        () => [cluster, half].map((each) => lengthOf(connectionsCsv(connectionList(each)))),
      ],
      ["diff after half of the policies went", () => connectionDiff(cluster, half).changes.length],
      ["diff after 5 % of the policies went", () => connectionDiff(cluster, fewer).changes.length],
    );
  return compare(size, load, "ms", contenders);
}

/** May one pod reach another at any port: on a Cluster, and on the classes of a whole cluster. */
function singlePairs(made: SyntheticCluster, size: number, seed: number): Measurement[] {
  const cluster = loaded(objectsOf(made));
  const reach = cluster.reachability();
  const random = new Random(seed);
  const asked = Array.from(
    { length: pairs },
    () => [random.pick(made.pods), random.pick(made.pods)] as const,
  );
  const verdict = "verdict with explanation, one port";
  return compare(
    size,
    verdict,
    "µs",
    [
      [
        verdict,
        () =>
          asked.filter(
            ([from, to]) =>
              cluster.evaluate({ source: { pod: from }, destination: { pod: to }, protocol: "TCP", port: 80 })
                .allowed,
          ).length,
      ],
      [
        "all ports of a pair",
        () => asked.filter(([from, to]) => !cluster.allowedPorts({ pod: from }, { pod: to }).isEmpty).length,
      ],
      [
        "all ports of a pair, by class",
        () =>
          asked.filter(([from, to]) => !reach.ports(reach.classOf(from)!, reach.classOf(to)!).isEmpty).length,
      ],
    ],
    pairs,
  );
}

function lengthOf(chunks: Iterable<string>): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

function describe(cluster: Cluster, size: number): string {
  const { policies, classes, pairs: counted } = reachSummary(cluster, http);
  return `${size} pods, ${policies} policies: ${classes} classes, ${counted.allowed} of ${counted.all} pairs speak on TCP 80`;
}
