import { Dataplane } from "@portcullis/dataplane";
import { type Cidr, Cluster, parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { threadCpuNanoseconds } from "./lib/libc.ts";
import { enterCommand, inNamespace, runTool } from "./lib/network-namespace.ts";
import { type Load, tcpConnections, udpFlows } from "./lib/new-connections.ts";
import { type Measurement, pairedRatio, type Report } from "./lib/report.ts";
import { type RoutedPair, routedPair } from "./lib/routed-pair.ts";
import { conntrackOnly, linearChain, loadRuleset } from "./lib/rulesets.ts";
import { alternateSlices, type Contender } from "./lib/slices.ts";
import { median } from "./lib/statistics.ts";
import { objectsOf, podPrefixes, type SyntheticCluster, syntheticCluster } from "./lib/synthetic-cluster.ts";

/**
 * CPU time of a new connection between two pods of a node, through the ruleset that Portcullis writes for the whole
 * cluster, against no rules, against connection tracking alone, and against a linear chain. A new connection is what
 * rules cost: packets of a known one are accepted before them.
 */
export const newConnectionCpu: Benchmark = { run };

const port = 80;
const slices = 25;
const connectionsPerSlice = 300;
const flowsPerSlice = 1000;

type Variant = "no rules" | "no rules, again" | "conntrack only" | "linear chain" | "portcullis";

const baselines = ["no rules", "conntrack only", "linear chain"] as const;

async function run({ seed, pods = [10, 1_000, 10_000] }: BenchmarkOptions): Promise<Report> {
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    const cluster = syntheticCluster({ pods: size, seed });
    const bed = await testBed(cluster, `n${size}`);
    notes.push(`${size} pods, ${cluster.policies.length} policies: ${bed.ruleset}`);
    for (const [kind, loadOf] of bed.loads) {
      progress(`new-connection-cpu: ${size} pods, ${kind}`);
      measurements.push(...compare(kind, size, bed.pairs, loadOf));
    }
  }
  notes.push("the linear chain has its match in the middle: half of its rules are passed on average");
  return { benchmark: "new-connection-cpu", measurements, notes };
}

interface TestBed {
  readonly pairs: ReadonlyMap<Variant, RoutedPair>;
  readonly loads: ReadonlyMap<string, (pair: RoutedPair) => Load>;
  /** What Portcullis wrote, in words. */
  readonly ruleset: string;
}

async function testBed(cluster: SyntheticCluster, prefix: string): Promise<TestBed> {
  const client = ipv4(cluster.client);
  const server = ipv4(cluster.server);
  const variants: readonly Variant[] = [
    "no rules",
    "no rules, again",
    "conntrack only",
    "linear chain",
    "portcullis",
  ];
  const pairs = new Map(variants.map((name, i) => [name, routedPair(`${prefix}v${i}`, client, server)]));
  const routerOf = (name: Variant) => pairs.get(name)!.router;
  inNamespace(routerOf("conntrack only"), () => loadRuleset(conntrackOnly));
  const linear = linearChain(cluster.pods.map(ipv4), server);
  inNamespace(routerOf("linear chain"), () => loadRuleset(linear));
  const ruleset = await program(cluster, routerOf("portcullis"));
  const loads = new Map<string, (pair: RoutedPair) => Load>([
    ["TCP connection", (pair) => tcpConnections(pair, server, port, connectionsPerSlice)],
    ["first UDP datagram", (pair) => udpFlows(pair, client, server, port, flowsPerSlice)],
  ]);
  return { pairs, loads, ruleset };
}

/** Puts the cluster's policies in force in a router, by the same way as the agent does. */
async function program(cluster: SyntheticCluster, router: string): Promise<string> {
  const state = new Cluster();
  for (const object of objectsOf(cluster)) state.upsert(object);
  const compiled = state.program(() => true);
  const nft = new NftProcess({ command: enterCommand(router) });
  const dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: podPrefixes.map((text) => parseCidr(text) as Cidr),
  });
  await dataplane.apply(compiled);
  await nft.close();
  const { ingress, egress } = compiled.pods.find(
    ({ key }) => key === `${cluster.server.namespace}/${cluster.server.name}`,
  )!;
  const rules = compiled.chains.find(({ id }) => id === (ingress ?? egress))?.rules.length ?? 0;
  return `${compiled.chains.length} chains, ${compiled.addressSets.length} address sets; ${rules} rule(s) in the server's ingress chain`;
}

function compare(
  kind: string,
  pods: number,
  pairs: ReadonlyMap<Variant, RoutedPair>,
  loadOf: (pair: RoutedPair) => Load,
): Measurement[] {
  const loads = new Map([...pairs].map(([name, pair]) => [name, loadOf(pair)]));
  const contenders: Contender[] = [...loads].map(([name, load]) => ({
    name,
    count: load.count,
    run: load.run,
    reset: () => forgetConnections(pairs.get(name)!),
  }));
  const spent = alternateSlices(contenders, { slices, clock: threadCpuNanoseconds });
  for (const load of loads.values()) load.close();
  const against = (subject: Variant, baseline: (typeof baselines)[number]): Measurement => ({
    subject: `${kind}: ${subject}`,
    pods,
    baseline: { name: baseline, value: median(spent.get(baseline)!) / 1000, unit: "µs" },
    ratio: pairedRatio(spent.get(subject)!, spent.get(baseline)!),
  });
  return [
    against("no rules, again", "no rules"),
    against("conntrack only", "no rules"),
    against("linear chain", "no rules"),
    ...baselines.map((baseline) => against("portcullis", baseline)),
  ];
}

/** Every slice begins with an empty table of connections. */
function forgetConnections(pair: RoutedPair): void {
  inNamespace(pair.router, () => runTool("conntrack", ["-F"]));
}

function ipv4(pod: {
  readonly addresses: readonly { readonly family: 4 | 6; readonly text: string }[];
}): string {
  return pod.addresses.find(({ family }) => family === 4)!.text;
}
