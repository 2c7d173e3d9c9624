import { table } from "@portcullis/dataplane";
import { matchesSelector, type NetworkPolicy, type Pod } from "@portcullis/engine";
import { AgentProcess } from "./lib/agent-process.ts";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { runTool } from "./lib/network-namespace.ts";
import { type Measurement, type Report, ratioToMedian } from "./lib/report.ts";
import { ServedCluster } from "./lib/served-cluster.ts";
import { servedText } from "./lib/served-text.ts";
import { median, percentile } from "./lib/statistics.ts";
import { extraPod, podPrefixes, type SyntheticCluster, syntheticCluster } from "./lib/synthetic-cluster.ts";
import { TrivialTransaction } from "./lib/trivial-transaction.ts";

/**
 * `portcullis agent` on one node of a cluster, with the kernel of a network namespace: what it takes to get in sync and to
 * stay there, from an event of the API to its being in force, a stream of updates, and a burst of them.
 */
export const agent: Benchmark = { run };

const rounds = 60;
/** Between two changes, in milliseconds: the agent's log keeps up with twenty lines a second. */
const pauseMs = 45;
const sustained = { perSecond: 1_000, seconds: 8 };
const burst = 10_000;

async function run({
  seed,
  pods = [100, 1_000, 10_000, 100_000],
  policies,
}: BenchmarkOptions): Promise<Report> {
  runTool("ip", ["netns", "add", "baseline"]);
  const trivial = await TrivialTransaction.start("baseline");
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const cluster = syntheticCluster({ pods: size, seed, ...(policies && { policies }) });
    const bench = new AgentBench(cluster, trivial, seed);
    try {
      measurements.push(...(await bench.start("listed in pieces")));
      measurements.push(...(await bench.start("started again")));
      measurements.push(...(await bench.start("list streamed")));
      measurements.push(...(await bench.changes()));
      measurements.push(...(await bench.updates()), ...(await bench.burst()));
      notes.push(...bench.notes);
    } finally {
      await bench.stop();
    }
  }
  await trivial.close();
  return { benchmark: "agent", measurements, notes };
}

class AgentBench {
  readonly notes: string[] = [];
  readonly #cluster: SyntheticCluster;
  readonly #trivial: TrivialTransaction;
  readonly #seed: number;
  readonly #local: readonly Pod[];
  /** Policies of local pods, with a rule that names ports. */
  readonly #changeable: readonly NetworkPolicy[];
  #nudges = 0;
  #served: ServedCluster | undefined;
  #agent: AgentProcess | undefined;

  constructor(cluster: SyntheticCluster, trivial: TrivialTransaction, seed: number) {
    this.#cluster = cluster;
    this.#trivial = trivial;
    this.#seed = seed;
    this.#local = cluster.pods.filter(({ nodeName }) => nodeName === cluster.server.nodeName);
    this.#changeable = cluster.policies.filter(
      ({ namespace, podSelector, ingress }) =>
        ingress.some(({ ports }) => ports.length > 0) &&
        this.#local.some((pod) => pod.namespace === namespace && matchesSelector(podSelector, pod.labels)),
    );
  }

  /** From an agent that is started to the first program in force, and what it holds by then. */
  async start(how: "listed in pieces" | "list streamed" | "started again"): Promise<readonly Measurement[]> {
    await this.stop();
    if (how !== "started again") removeTable();
    const { pods, policies, server } = this.#cluster;
    progress(`agent: ${pods.length} pods, ${policies.length} policies, ${how}`);
    const served = new ServedCluster(this.#cluster, how === "list streamed");
    this.#served = served;
    await served.listen();
    const began = performance.now();
    const agent = new AgentProcess(served.socketPath, server.nodeName!, podPrefixes[0]!);
    this.#agent = agent;
    await agent.until("networkpolicies", 1);
    const cpu = agent.cpu;
    const wall = performance.now() - began;
    // What it took to read a large cluster is given back in the twenty seconds after.
    await pause(pods.length > 20_000 ? 22_000 : 3_000);
    const parse = parseMs(this.#cluster) * served.sent;
    this.notes.push(
      `${pods.length} pods, ${policies.length} policies, ${this.#local.length} local, ${how}: in force after ` +
        `${round(wall / 1000)} s and ${round(cpu / 1000)} s of CPU; ${round(agent.memory / 1024)} MiB resident, of ${round(served.sent / 2 ** 20)} MiB sent`,
    );
    return [
      this.#single(`CPU to in force, ${how}`, cpu, {
        name: "JSON.parse of all of it",
        value: parse,
        unit: "ms",
      }),
      this.#single(`resident memory, ${how}`, agent.memory, {
        name: "JSON that was sent",
        value: served.sent / 1024,
        unit: "KiB",
      }),
    ];
  }

  /** From the moment that the API sends an event until the agent says that it is in force. */
  async changes(): Promise<readonly Measurement[]> {
    progress(`agent: ${this.#cluster.pods.length} pods, changes`);
    const served = this.#served!;
    const baseline: number[] = [];
    const kinds: readonly (readonly [string, "pods" | "networkpolicies", (i: number) => number])[] = [
      ["policy changed", "networkpolicies", (i) => served.put(this.#changedPolicy(i))],
      ["local pod added", "pods", (i) => served.put(this.#extra(i))],
      ["local pod's labels changed", "pods", (i) => served.put(relabelled(this.#extra(i), i))],
      ["local pod removed", "pods", (i) => served.delete(this.#extra(i))],
      ["distant pod's labels changed", "pods", (i) => served.put(relabelled(this.#distant(i), i))],
    ];
    const times = kinds.map(() => [] as number[]);
    let cpu = this.#agent!.cpu;
    for (let i = -3; i < rounds; i++) {
      if (i === 0) cpu = this.#agent!.cpu;
      for (const [index, [, plural, change]] of kinds.entries()) {
        baseline.push(await this.#trivial.time());
        const began = performance.now();
        await this.#agent!.until(plural, change(i + 3));
        // The first few find code that was never run.
        if (i >= 0) times[index]!.push(performance.now() - began);
        await pause(pauseMs);
      }
    }
    const each = (this.#agent!.cpu - cpu) / (rounds * kinds.length);
    const unit = { name: "one-element transaction", value: median(baseline), unit: "ms" } as const;
    this.notes.push(
      `${this.#cluster.pods.length} pods: the 99th percentile of the one-element transactions was ${round(percentile(baseline, 0.99) / unit.value)} of them`,
    );
    return [
      ...kinds.map(([subject], index) => ({
        subject: `${subject}, in force`,
        pods: this.#cluster.pods.length,
        baseline: unit,
        ratio: ratioToMedian(times[index]!, baseline),
      })),
      this.#single("CPU for one of these changes, nft's included", each, unit),
    ];
  }

  /** Pods anywhere change at a steady rate: how far behind the agent is, and what it uses. */
  async updates(): Promise<readonly Measurement[]> {
    progress(`agent: ${this.#cluster.pods.length} pods, ${sustained.perSecond} updates a second`);
    const served = this.#served!;
    const agent = this.#agent!;
    const sentAt = new Map<number, number>();
    const behind: number[] = [];
    const forget = agent.onProgram(({ pods }) => {
      const at = sentAt.get(Number(pods ?? 0));
      if (at !== undefined) behind.push(performance.now() - at);
    });
    const cpu = agent.cpu;
    const began = performance.now();
    const total = sustained.perSecond * sustained.seconds;
    let revision = 0;
    for (let i = 0; i < total; ) {
      const due = Math.min(total, ((performance.now() - began) * sustained.perSecond) / 1000);
      for (; i < due; i++) {
        revision = served.put(relabelled(this.#anyPod(i), i));
        sentAt.set(revision, performance.now());
      }
      await pause(5);
    }
    const lasted = performance.now() - began;
    await this.#caughtUp(revision);
    const caughtUp = performance.now() - began - lasted;
    const used = agent.cpu - cpu;
    forget();
    this.notes.push(
      `${this.#cluster.pods.length} pods: ${total} updates in ${round(lasted / 1000)} s, the last in force after ${round(caughtUp)} ms`,
    );
    return [
      this.#single(`CPU at ${sustained.perSecond} updates a second`, used, {
        name: "the time that goes by",
        value: lasted,
        unit: "ms",
      }),
      {
        subject: `behind at ${sustained.perSecond} updates a second`,
        pods: this.#cluster.pods.length,
        baseline: { name: "time between two updates", value: 1000 / sustained.perSecond, unit: "ms" },
        ratio: ratioToMedian(behind, [1000 / sustained.perSecond]),
      },
    ];
  }

  /** All at once: until the last is in force, and in how many programs. */
  async burst(): Promise<readonly Measurement[]> {
    progress(`agent: ${this.#cluster.pods.length} pods, ${burst} updates at once`);
    const served = this.#served!;
    const agent = this.#agent!;
    const programs = agent.programs;
    const cpu = agent.cpu;
    const began = performance.now();
    let revision = 0;
    for (let i = 0; i < burst; i++) revision = served.put(relabelled(this.#anyPod(i), i + 7));
    await this.#caughtUp(revision);
    const wall = performance.now() - began;
    await agent.flushed();
    this.notes.push(
      `${this.#cluster.pods.length} pods: a burst of ${burst} in force after ${round(wall)} ms and ${round(agent.cpu - cpu)} ms of CPU, in ${agent.programs - programs} programs`,
    );
    const parse = parseMs(this.#cluster) * servedText(this.#local[0]!, 1).length * burst;
    const baseline = { name: "JSON.parse of all of it", value: parse, unit: "ms" } as const;
    return [this.#single(`burst of ${burst.toLocaleString("en")} in force`, wall, baseline)];
  }

  /** The log may have left out the program that we wait for: further ones are asked for until it tells of one. */
  async #caughtUp(revision: number): Promise<void> {
    const nudge = setInterval(() => this.#served!.put(relabelled(this.#anyPod(1), ++this.#nudges)), 50);
    await this.#agent!.until("pods", revision).finally(() => clearInterval(nudge));
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    await this.#served?.close();
    this.#agent = undefined;
    this.#served = undefined;
  }

  #single(subject: string, value: number, baseline: Measurement["baseline"]): Measurement {
    const ratio = ratioToMedian([value], [baseline.value]);
    return { subject, pods: this.#cluster.pods.length, baseline, ratio };
  }

  /** A policy of a local pod with a port that it never had. */
  #changedPolicy(i: number): NetworkPolicy {
    const policy = this.#changeable[i % this.#changeable.length]!;
    const ports = [{ protocol: "TCP", port: 10_000 + i }] as const;
    return { ...policy, ingress: policy.ingress.map((rule) => ({ ...rule, ports })) };
  }

  #extra(i: number): Pod {
    return extraPod(this.#cluster, i, this.#seed);
  }

  /** On another node; where there is but one, it has a pod that is nobody's peer. */
  #distant(i: number): Pod {
    const { pods } = this.#cluster;
    return pods[(i * 7919) % pods.length]!;
  }

  #anyPod(i: number): Pod {
    return this.#cluster.pods[(i * 104_729) % this.#cluster.pods.length]!;
  }
}

/** The same pod with another tier and a label that nobody asks for. */
function relabelled(pod: Pod, i: number): Pod {
  const tier = ["web", "api", "db", "cache"][i % 4]!;
  return { ...pod, labels: { ...pod.labels, tier, revision: String(i) } };
}

/** What it takes to read a character of a pod's JSON, in milliseconds. */
function parseMs({ pods }: SyntheticCluster): number {
  const texts = pods.slice(0, 2_000).map((pod, i) => servedText(pod, i));
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const began = performance.now();
  for (const text of texts) JSON.parse(text);
  return (performance.now() - began) / characters;
}

/** What an agent of a run before left in the kernel. */
function removeTable(): void {
  const name = `${table.family} ${table.name}`;
  runTool("nft", ["-f", "-"], `add table ${name}\ndelete table ${name}\n`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
