import { Cluster, type ClusterObject, type Flow, judge, oracle, ProgramIndex } from "@portcullis/engine";
import { flowsOf, type RandomCluster, randomCluster, randomProbes } from "@portcullis/engine/testing";
import { plan } from "@portcullis/nft";
import fc from "fast-check";
import { FakeKernel } from "../fake-kernel.ts";

/**
 * What the mutation tests hold every mutant against: oracle, evaluator, explanation, program and generated ruleset agree
 * on every flow of random clusters, before and after a change of one cluster into the next. The same seed always asks
 * the same questions, and nothing is shrunk: a mutant is to be caught fast, not explained.
 *
 * @returns how many flows were compared.
 * @throws Error at the first disagreement, naming the subject that differs from the oracle.
 */
export async function agreement({ seed, runs }: { seed: number; runs: number }): Promise<number> {
  let flows = 0;
  const cases = fc.sample(fc.tuple(randomCluster, randomCluster, randomProbes), { seed, numRuns: runs });
  for (const [first, second, probes] of cases) {
    const cluster = new Cluster();
    const kernel = new FakeKernel();
    for (const random of [first, second]) {
      become(cluster, random);
      await kernel.enforce(cluster);
      flows += compare(cluster, kernel, random, probes);
    }
    await sameAsFresh(kernel, cluster);
  }
  return flows;
}

/** Changes the cluster in place, so that indices and memos have to follow. */
function become(cluster: Cluster, { objects }: RandomCluster): void {
  const wanted = new Set(objects.map(identity));
  const present: readonly ClusterObject[] = [
    ...cluster.policies(),
    ...cluster.pods(),
    ...cluster.nodes(),
    ...cluster.namespaces(),
  ];
  for (const object of present) {
    if (!wanted.has(identity(object))) cluster.delete(object.kind, namespaceOf(object), nameOf(object));
  }
  for (const object of objects) cluster.upsert(object);
}

const namespaceOf = (object: ClusterObject) => ("namespace" in object ? object.namespace : undefined);
const identity = (object: ClusterObject) => `${object.kind} ${namespaceOf(object)}/${nameOf(object)}`;

function nameOf(object: ClusterObject): string {
  const workload = object.kind === "Pod" ? object.workload : undefined;
  return workload === undefined ? object.name : `${workload.kind}/${object.name}`;
}

function compare(
  cluster: Cluster,
  kernel: FakeKernel,
  random: RandomCluster,
  probes: Parameters<typeof flowsOf>[1],
): number {
  const program = new ProgramIndex(cluster.program(() => true));
  let flows = 0;
  for (const flow of flowsOf(random, probes)) {
    flows++;
    const expected = oracle(random, flow);
    const verdict = cluster.evaluate(flow);
    check("evaluator", flow, expected, cluster.allows(flow));
    check("explanation", flow, expected, verdict.allowed);
    check("both directions", flow, expected, verdict.egress.allowed && verdict.ingress.allowed);

    const { source, destination, protocol, port } = verdict.flow;
    const [from, to] = [source.address, destination.address];
    if (from === undefined || to === undefined || from.family !== to.family) continue;
    check(
      "program",
      flow,
      expected,
      judge(program, { source: from, destination: to, protocol, port }).allowed,
    );
    // A packet has addresses, and nothing that says whose they are. What a node sends to its own pods is not forwarded.
    const packet = { source: { address: from }, destination: { address: to }, protocol, port };
    if (cluster.evaluate(packet).ingress.reason === "node") continue;
    check("ruleset", flow, oracle(random, packet), kernel.passes(packet));
  }
  return flows;
}

/** What an update leaves is what a first programming makes. */
async function sameAsFresh(updated: FakeKernel, cluster: Cluster): Promise<void> {
  const fresh = new FakeKernel();
  await fresh.enforce(cluster);
  const table = { family: "inet", name: "portcullis" } as const;
  const [after, direct] = [await updated.nft.list(table), await fresh.nft.list(table)];
  if (after === undefined || direct === undefined) throw new Error("a kernel has no table");
  if (plan(after, direct).length + plan(direct, after).length > 0)
    throw new Error("an updated table differs from a fresh one");
}

function check(subject: string, flow: Flow, expected: boolean, actual: boolean): void {
  if (actual === expected) return;
  const text = JSON.stringify(flow, (_, value) => (typeof value === "bigint" ? String(value) : value));
  throw new Error(`${subject} disagrees with the oracle, which says ${expected}: ${text}`);
}
