import { type Cluster, type ClusterObject, type Flow, type Program, readManifest } from "@portcullis/engine";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { compare, loaded } from "./lib/compare.ts";
import { heapBytes } from "./lib/heap.ts";
import { Random } from "./lib/random.ts";
import { type Measurement, pairedRatio, type Report } from "./lib/report.ts";
import { median } from "./lib/statistics.ts";
import { objectsOf, type SyntheticCluster, syntheticCluster } from "./lib/synthetic-cluster.ts";
import { manifestOf, yamlOf } from "./lib/synthetic-manifest.ts";

/**
 * What the engine costs by itself, each part against a plain JavaScript operation on the same data: reading manifests
 * against JSON.parse, loading and compiling against structuredClone of what goes in or comes out, a verdict against
 * finding its two pods in a Map.
 */
export const engine: Benchmark = { run };

const flowsPerSlice = 2_000;

async function run({ seed, pods = [100, 1_000, 10_000] }: BenchmarkOptions): Promise<Report> {
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const cluster = syntheticCluster({ pods: size, seed });
    const objects = objectsOf(cluster);
    const parts: [string, () => Measurement[] | Promise<Measurement[]>][] = [
      ["read manifests", () => reading(cluster, size)],
      ["load", () => loading(objects, size)],
      ["evaluate", () => evaluating(cluster, size, seed)],
      ["program", () => compiling(cluster, size)],
      ["memory", async () => [await remembering(cluster, size)]],
    ];
    for (const [name, part] of parts) {
      progress(`engine: ${size} pods, ${name}`);
      measurements.push(...(await part()));
    }
    notes.push(`${size} pods, ${cluster.policies.length} policies`);
  }
  return { benchmark: "engine", measurements, notes };
}

function reading(cluster: SyntheticCluster, pods: number): Measurement[] {
  const manifests = [...cluster.namespaces, ...cluster.pods, ...cluster.policies].map(manifestOf);
  const yaml = yamlOf(manifests);
  const json = JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests });
  for (const text of [yaml, json]) {
    const { objects, diagnostics } = readManifest(text, "bench");
    if (objects.length !== manifests.length || diagnostics.length > 0) {
      throw new Error(
        `read ${objects.length} of ${manifests.length} objects: ${diagnostics[0]?.message ?? ""}`,
      );
    }
  }
  return compare(pods, "JSON.parse", "ms", [
    ["JSON.parse", () => JSON.parse(json)],
    ["read manifests, YAML", () => readManifest(yaml, "bench")],
    ["read manifests, JSON", () => readManifest(json, "bench")],
  ]);
}

function loading(objects: readonly ClusterObject[], pods: number): Measurement[] {
  return compare(pods, "structuredClone of the objects", "ms", [
    ["structuredClone of the objects", () => structuredClone(objects)],
    ["load a Cluster", () => loaded(objects)],
  ]);
}

function evaluating(cluster: SyntheticCluster, pods: number, seed: number): Measurement[] {
  const state = loaded(objectsOf(cluster));
  const flows = randomFlows(cluster, seed);
  const byName = new Map(cluster.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const find = ({ pod }: Flow["source"]) => byName.has(`${pod?.namespace}/${pod?.name}`);
  const lookUp = () => flows.filter(({ source, destination }) => find(source) && find(destination)).length;
  return compare(
    pods,
    "two Map look-ups",
    "µs",
    [
      ["two Map look-ups", lookUp],
      ["may it pass (allows)", () => flows.filter((flow) => state.allows(flow)).length],
      [
        "verdict with explanation (evaluate)",
        () => flows.filter((flow) => state.evaluate(flow).allowed).length,
      ],
    ],
    flows.length,
  );
}

function compiling(cluster: SyntheticCluster, pods: number): Measurement[] {
  const objects = objectsOf(cluster);
  const program = (state: Cluster): Program => state.program(() => true);
  const warm = loaded(objects);
  const compiled = program(warm);
  const server = cluster.policies.find(({ name }) => name === "zz-server")!;
  let fresh = loaded(objects);
  let port = 1024;
  const change = () => {
    const ingress = server.ingress.map((rule) => ({ ...rule, ports: [{ protocol: "TCP", port }] as const }));
    port = port === 65_535 ? 1024 : port + 1;
    warm.upsert({ ...server, ingress });
  };
  return compare(pods, "structuredClone of the program", "ms", [
    ["structuredClone of the program", () => structuredClone(compiled)],
    {
      name: "program, first time",
      count: 1,
      reset: () => {
        fresh = loaded(objects);
      },
      run: () => program(fresh),
    },
    { name: "program after one policy changed", count: 1, reset: change, run: () => program(warm) },
  ]);
}

/** Heap of loaded and compiled Clusters beside their objects, against that of the objects. */
async function remembering(cluster: SyntheticCluster, pods: number): Promise<Measurement> {
  const objects = objectsOf(cluster);
  // A small cluster many times, so that what else comes and goes on the heap does not show.
  const copies = Math.ceil(5_000 / pods);
  const runs: { own: number; added: number }[] = [];
  for (let i = 0; i < 4; i++) runs.push(await heapOf(objects, copies));
  const measured = runs.slice(1);
  const own = measured.map((each) => each.own);
  return {
    subject: "memory of Cluster and program",
    pods,
    baseline: { name: "memory of the objects", value: median(own) / 1024, unit: "KiB" },
    ratio: pairedRatio(
      measured.map((each) => each.added),
      own,
    ),
  };
}

/** A function of its own, for the variables of a loop outlive their turn. */
async function heapOf(
  objects: readonly ClusterObject[],
  copies: number,
): Promise<{ own: number; added: number }> {
  const held: unknown[] = [];
  const before = await heapBytes();
  const clones = Array.from({ length: copies }, () => structuredClone(objects));
  held.push(clones);
  const withObjects = await heapBytes();
  for (const clone of clones) {
    const state = loaded(clone);
    held.push(
      state,
      state.program(() => true),
    );
  }
  const withClusters = await heapBytes();
  if (held.length !== 1 + 2 * copies) throw new Error("something was not held");
  return { own: (withObjects - before) / copies, added: (withClusters - withObjects) / copies };
}

function randomFlows(cluster: SyntheticCluster, seed: number): Flow[] {
  const random = new Random(seed);
  return Array.from({ length: flowsPerSlice }, () => ({
    source: { pod: random.pick(cluster.pods) },
    destination: { pod: random.pick(cluster.pods) },
    protocol: random.pick(["TCP", "UDP"] as const),
    port: random.pick([53, 80, 443, 8080]),
  }));
}
