import { type Connections, Conntrack, Dataplane } from "@portcullis/dataplane";
import {
  type Cidr,
  Cluster,
  type LocalPods,
  matchesSelector,
  type NetworkPolicy,
  type Pod,
  parseCidr,
} from "@portcullis/engine";
import { type Nft, NftProcess } from "@portcullis/nft";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { runTool } from "./lib/network-namespace.ts";
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
import { TrivialTransaction } from "./lib/trivial-transaction.ts";

/**
 * Time from a change of the cluster to rules in force, by the agent's way (engine, then data plane, then nft, then the
 * connections that are now denied), against the least that any change costs: one element through the same kind of
 * long-lived nft, in a network namespace that has nothing else.
 */
export const policyUpdate: Benchmark = { run };

/** Rounds of one change of each kind; fewer where they take longer than `seconds`, but always `fewestRounds`. */
const rounds = 200;
const fewestRounds = 30;
const seconds = 20;

/** `in force` is engine, nft and what lies between; `cut` comes after it: finding the connections that are now denied. */
const parts = ["in force", "engine", "nft", "cut"] as const;
type Part = (typeof parts)[number];

async function run({ seed, pods = [100, 1_000, 10_000], policies }: BenchmarkOptions): Promise<Report> {
  runTool("ip", ["netns", "add", "baseline"]);
  const trivial = await TrivialTransaction.start("baseline");
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const cluster = syntheticCluster({ pods: size, seed, dualStack: true, ...(policies && { policies }) });
    for (const [where, local] of localities(cluster)) {
      progress(`policy-update: ${size} pods, ${where}`);
      const bench = new UpdateBench(local);
      const load = await bench.load(cluster);
      notes.push(
        `${size} pods, ${cluster.policies.length} policies, ${where}: first load ${partsText(load)}`,
      );
      const kinds = await changeAgainAndAgain(bench, trivial, kindsOf(cluster, local, seed));
      for (const kind of kinds) measurements.push(...measurementsOf(kind, size, where));
      await bench.close();
    }
  }
  await trivial.close();
  notes.push("dual-stack pods; no connections are tracked while the rules change");
  return { benchmark: "policy-update", measurements, notes };
}

/** A node of the cluster, and the largest node that there could be. */
function localities(cluster: SyntheticCluster): [string, LocalPods][] {
  const ofServer = { node: cluster.server.nodeName! };
  const onNode = podsOf(cluster, ofServer).length;
  const node: [string, LocalPods] = [`${onNode} local`, ofServer];
  return onNode === cluster.pods.length ? [node] : [node, ["all local", () => true]];
}

function podsOf({ pods }: SyntheticCluster, local: LocalPods): readonly Pod[] {
  return pods.filter(typeof local === "function" ? local : ({ nodeName }) => nodeName === local.node);
}

function measurementsOf({ subject, times, baseline }: Kind, pods: number, where: string): Measurement[] {
  return parts.map((part) => ({
    subject: `${subject} (${where === "all local" ? "all local" : "one node"}): ${part}`,
    pods,
    baseline: { name: "one-element transaction", value: median(baseline), unit: "ms" },
    ratio: ratioToMedian(
      times.map((each) => each[part]),
      baseline,
    ),
  }));
}

type Times = Readonly<Record<Part, number>>;

interface Kind {
  readonly subject: string;
  change(cluster: Cluster, round: number): void;
  readonly times: Times[];
  /** One trivial transaction before each change. */
  readonly baseline: number[];
}

async function changeAgainAndAgain(
  bench: UpdateBench,
  trivial: TrivialTransaction,
  kinds: readonly Kind[],
): Promise<readonly Kind[]> {
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < rounds; round++) {
    if (round >= fewestRounds && performance.now() > end) break;
    for (const { change, times, baseline } of kinds) {
      baseline.push(await trivial.time());
      times.push(await bench.time((state) => change(state, round)));
    }
  }
  return kinds;
}

/** A policy of a local pod gets a port that it never had; a local pod comes; that pod goes. */
function kindsOf(cluster: SyntheticCluster, locality: LocalPods, seed: number): readonly Kind[] {
  const local = podsOf(cluster, locality);
  const changeable = cluster.policies.filter(
    ({ namespace, podSelector, ingress }) =>
      ingress.some(({ ports }) => ports.length > 0) &&
      local.some((pod) => pod.namespace === namespace && matchesSelector(podSelector, pod.labels)),
  );
  const kind = (subject: string, change: Kind["change"]): Kind => ({
    subject,
    change,
    times: [],
    baseline: [],
  });
  return [
    kind("policy changed", (state, round) =>
      state.upsert(withPort(changeable[round % changeable.length]!, 10_000 + round)),
    ),
    kind("pod added", (state, round) => state.upsert(extraPod(cluster, round, seed, true))),
    kind("pod removed", (state, round) => {
      const { namespace, name } = extraPod(cluster, round, seed, true);
      state.delete("Pod", namespace, name);
    }),
  ];
}

function partsText(times: Times): string {
  return parts.map((part) => `${part} ${Math.round(times[part])} ms`).join(", ");
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
  readonly #local: LocalPods;
  readonly #nft = new NftProcess();
  readonly #nftTime = new Stopwatch();
  readonly #dataplane: Dataplane;
  #cutBegan: number | undefined;

  constructor(local: LocalPods) {
    this.#local = local;
    this.#dataplane = new Dataplane({
      nft: watchedNft(this.#nft, this.#nftTime),
      connections: this.#watched(new Conntrack()),
      podCidrs: podPrefixes.map((text) => parseCidr(text) as Cidr),
    });
  }

  /** Puts the whole cluster in force. */
  load(initial: SyntheticCluster): Promise<Times> {
    return this.time((cluster) => {
      for (const object of objectsOf(initial)) cluster.upsert(object);
    });
  }

  /** Milliseconds from the change to its being in force, and where they went. */
  async time(change: (cluster: Cluster) => void): Promise<Times> {
    this.#nftTime.reset();
    this.#cutBegan = undefined;
    const start = performance.now();
    change(this.#cluster);
    const program = this.#cluster.program(this.#local);
    const compiled = performance.now();
    const { changed } = await this.#dataplane.apply(program);
    const end = performance.now();
    const cutBegan = this.#cutBegan ?? end;
    if (!changed) throw new Error("a change of the cluster changed nothing in the kernel");
    return {
      "in force": cutBegan - start,
      engine: compiled - start,
      nft: this.#nftTime.milliseconds,
      cut: end - cutBegan,
    };
  }

  /** The data plane asks for the connections once the rules are in force. */
  #watched(connections: Connections): Connections {
    return {
      list: () => {
        this.#cutBegan = performance.now();
        return connections.list();
      },
      cut: (which, ranges) => connections.cut(which, ranges),
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
    listTerse: (table) => watch.time(() => nft.listTerse(table)),
    listElements: (table, objects) => watch.time(() => nft.listElements(table, objects)),
    watch: (table, listener) => nft.watch(table, listener),
    version: () => nft.version(),
    close: () => nft.close(),
  };
}
