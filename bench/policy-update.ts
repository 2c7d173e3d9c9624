import { type Connections, Conntrack, Dataplane } from "@portcullis/dataplane";
import { type Cidr, Cluster, matchesSelector, type NetworkPolicy, parseCidr } from "@portcullis/engine";
import { type Nft, NftProcess } from "@portcullis/nft";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { enterCommand, runTool } from "./lib/network-namespace.ts";
import { type Measurement, type Report, ratioToMedian } from "./lib/report.ts";
import { median } from "./lib/statistics.ts";
import { Stopwatch } from "./lib/stopwatch.ts";
import {
  extraPod,
  objectsOf,
  podPrefixes,
  type SyntheticCluster,
  syntheticCluster,
} from "./lib/synthetic-cluster.ts";

/**
 * Time from a change of the cluster to rules in force, by the agent's way (engine, then data plane, then nft, then the
 * connections that are now denied), against the least that any change costs: one element through the same kind of
 * long-lived nft, in a network namespace that has nothing else.
 */
export const policyUpdate: Benchmark = { run };

const changes = 200;

/** `in force` is engine, nft and what lies between; `cut` comes after it: finding the connections that are now denied. */
const parts = ["in force", "engine", "nft", "cut"] as const;
type Part = (typeof parts)[number];

async function run({ seed, pods = [100, 1_000, 10_000] }: BenchmarkOptions): Promise<Report> {
  runTool("ip", ["netns", "add", "baseline"]);
  const trivial = await TrivialTransaction.start("baseline");
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const cluster = syntheticCluster({ pods: size, seed, dualStack: true });
    const bench = new UpdateBench(cluster);
    const load = await bench.load();
    notes.push(`${size} pods, ${cluster.policies.length} policies: first load ${Math.round(load)} ms`);
    for (const [subject, steps] of stepsOf(cluster, seed)) {
      progress(`policy-update: ${size} pods, ${subject}`);
      const times = new Map<Part, number[]>(parts.map((part) => [part, []]));
      const baseline: number[] = [];
      for (const step of steps) {
        baseline.push(await trivial.time());
        const spent = await bench.time(step);
        for (const part of parts) times.get(part)?.push(spent[part]);
      }
      for (const part of parts) {
        measurements.push({
          subject: `${subject}: ${part}`,
          pods: size,
          baseline: { name: "one-element transaction", value: median(baseline), unit: "ms" },
          ratio: ratioToMedian(times.get(part)!, baseline),
        });
      }
    }
    await bench.close();
  }
  await trivial.close();
  notes.push("dual-stack pods, all of them local; no connections are tracked while the rules change");
  return { benchmark: "policy-update", measurements, notes };
}

type Step = (cluster: Cluster) => void;

function stepsOf(cluster: SyntheticCluster, seed: number): [string, Step[]][] {
  const indices = Array.from({ length: changes }, (_, i) => i);
  const changeable = cluster.policies.filter(
    ({ namespace, podSelector, ingress }) =>
      ingress.some(({ ports }) => ports.length > 0) &&
      cluster.pods.some((pod) => pod.namespace === namespace && matchesSelector(podSelector, pod.labels)),
  );
  const pods = indices.map((i) => extraPod(cluster, i, seed, true));
  return [
    [
      "policy changed",
      indices.map((i) => (state) => state.upsert(withPort(changeable[i % changeable.length]!, 10_000 + i))),
    ],
    ["pod added", pods.map((pod) => (state) => state.upsert(pod))],
    ["pod removed", pods.map((pod) => (state) => state.delete("Pod", pod.namespace, pod.name))],
  ];
}

function withPort(policy: NetworkPolicy, port: number): NetworkPolicy {
  return {
    ...policy,
    ingress: policy.ingress.map((rule) => ({ ...rule, ports: [{ protocol: "TCP", port }] })),
  };
}

/** The agent's chain of engine and data plane in this process's own network namespace, with a stopwatch on each part. */
class UpdateBench {
  readonly #cluster = new Cluster();
  readonly #initial: SyntheticCluster;
  readonly #nft = new NftProcess();
  readonly #nftTime = new Stopwatch();
  readonly #dataplane: Dataplane;
  #cutBegan = 0;

  constructor(initial: SyntheticCluster) {
    this.#initial = initial;
    this.#dataplane = new Dataplane({
      nft: watchedNft(this.#nft, this.#nftTime),
      connections: this.#watched(new Conntrack()),
      podCidrs: podPrefixes.map((text) => parseCidr(text) as Cidr),
    });
  }

  /** Puts the whole cluster in force; returns milliseconds. */
  async load(): Promise<number> {
    const times = await this.time((cluster) => {
      for (const object of objectsOf(this.#initial)) cluster.upsert(object);
    });
    return times["in force"];
  }

  /** Milliseconds from the change to its being in force, and where they went. */
  async time(step: Step): Promise<Record<Part, number>> {
    this.#nftTime.reset();
    const start = performance.now();
    step(this.#cluster);
    const program = this.#cluster.program(() => true);
    const compiled = performance.now();
    const { changed } = await this.#dataplane.apply(program);
    const end = performance.now();
    if (!changed) throw new Error("a change of the cluster changed nothing in the kernel");
    return {
      "in force": this.#cutBegan - start,
      engine: compiled - start,
      nft: this.#nftTime.milliseconds,
      cut: end - this.#cutBegan,
    };
  }

  /** The data plane asks for the connections once the rules are in force. */
  #watched(connections: Connections): Connections {
    return {
      list: () => {
        this.#cutBegan = performance.now();
        return connections.list();
      },
      cut: (which) => connections.cut(which),
    };
  }

  async close(): Promise<void> {
    await this.#dataplane.remove();
    await this.#nft.close();
  }
}

function watchedNft(nft: Nft, watch: Stopwatch): Nft {
  return {
    run: (transaction) => watch.time(() => nft.run(transaction)),
    check: (transaction) => nft.check(transaction),
    list: (table) => watch.time(() => nft.list(table)),
    listSet: (table, set) => watch.time(() => nft.listSet(table, set)),
    close: () => nft.close(),
  };
}

/** Puts one address into a set and takes it out again, by turns. */
class TrivialTransaction {
  readonly #nft: Nft;
  #isIn = false;

  private constructor(nft: Nft) {
    this.#nft = nft;
  }

  static async start(namespace: string): Promise<TrivialTransaction> {
    const nft = new NftProcess({ command: enterCommand(namespace) });
    await nft.run({ table, operations: [{ op: "add table" }, { op: "add set", set }] });
    return new TrivialTransaction(nft);
  }

  /** Milliseconds of one transaction. */
  async time(): Promise<number> {
    const op = this.#isIn ? "delete elements" : "add elements";
    const start = performance.now();
    await this.#nft.run({ table, operations: [{ op, set, elements: [{ key: ["192.0.2.1"] }] }] });
    this.#isIn = !this.#isIn;
    return performance.now() - start;
  }

  close(): Promise<void> {
    return this.#nft.close();
  }
}

const table = { family: "inet", name: "bench" } as const;
const set = { name: "s_bench", key: ["ipv4_addr"], elements: new Map() } as const;
