import { Cluster, type ClusterObject, type Flow, type OracleCluster, oracle } from "@portcullis/engine";
import { flowsOf, type RandomCluster, randomCluster, randomProbes } from "@portcullis/engine/testing";
import { plan } from "@portcullis/nft";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeKernel } from "./fake-kernel.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const numRuns = Number(process.env.PORTCULLIS_RUNS ?? 400);

const changingRuns = numRuns * 4;

test(`oracle, engine and ruleset agree after every change of a cluster (seed ${seed})`, async () => {
  let [states, flows, allowed] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(randomCluster, randomCluster, randomProbes, async (first, second, probes) => {
      const cluster = clusterOf(first);
      const kernel = new FakeKernel();
      const objects = new Map(first.objects.map((object) => [keyOf(object), object]));
      for (const change of changesBetween(first, second)) {
        if ("remove" in change) objects.delete(keyOf(change.remove));
        else objects.set(keyOf(change.put), change.put);
        applyChange(cluster, change);
        await kernel.enforce(cluster);
        states += 1;
        const literal = literalCluster([...objects.values()]);
        const asked = some(flowsOf({ ...literal, objects: [], outside: first.outside }, probes), states);
        for (const flow of packets(cluster, asked)) {
          const expected = oracle(literal, flow);
          flows += 1;
          if (expected) allowed += 1;
          if (cluster.allows(flow) !== expected)
            throw new Error(`not the oracle: ${disagreement(cluster, flow)}`);
          if (kernel.passes(flow) !== expected) throw new Error(disagreement(cluster, flow));
        }
      }
    }),
    { seed, numRuns: changingRuns },
  );
  console.log(
    `changing clusters: ${changingRuns}, ${states} states, ${flows} flows, ${allowed} allowed (seed ${seed})`,
  );
  expect(states).toBeGreaterThan(changingRuns * 8);
  expect(allowed / flows).toBeGreaterThan(0.2);
  expect(allowed / flows).toBeLessThan(0.9);
}, 3_600_000);

test(`an update leaks nothing and loses nothing on its way (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(randomCluster, randomCluster, randomProbes, async (first, second, probes) => {
      const [before, after] = [clusterOf(first), clusterOf(second)];
      let watched: readonly (readonly [Flow, boolean])[] = [];
      const kernel = new FakeKernel(({ operations }) => {
        for (const [flow, allowed] of watched) {
          if (kernel.passes(flow) === allowed) continue;
          throw new Error(`${disagreement(before, flow)}\nafter ${JSON.stringify(operations)}`);
        }
      });
      await kernel.enforce(before);
      // What both states agree on must hold at every step between them. The addresses belong to the same pods only
      // where both clusters list them.
      watched = [...packets(before, flowsOf(first, probes))]
        .filter((flow) => before.allows(bare(flow)) === after.allows(bare(flow)))
        .filter((flow) => isKnown(after, flow) && !isFromNode(after, flow))
        .map((flow) => [bare(flow), before.allows(bare(flow))]);
      await kernel.enforce(after);
      watched = [];

      for (const flow of packets(after, flowsOf(second, probes))) {
        if (kernel.passes(flow) !== after.allows(flow)) throw new Error(disagreement(after, flow));
      }
      const fresh = new FakeKernel();
      await fresh.enforce(after);
      const table = { family: "inet", name: "portcullis" } as const;
      const [updated, direct] = [await kernel.nft.list(table), await fresh.nft.list(table)];
      expect(plan(updated, direct!)).toEqual([]);
      expect(plan(direct, updated!)).toEqual([]);
    }),
    { seed, numRuns },
  );
});

type ObjectChange = { readonly put: ClusterObject } | { readonly remove: ClusterObject };

/** What makes the second of the first, one object at a time: what is gone goes first, then what is new or other comes. */
function changesBetween(first: RandomCluster, second: RandomCluster): readonly ObjectChange[] {
  const kept = new Set(second.objects.map(keyOf));
  return [
    ...first.objects.filter((object) => !kept.has(keyOf(object))).map((object) => ({ remove: object })),
    ...second.objects.map((object) => ({ put: object })),
  ];
}

function applyChange(cluster: Cluster, change: ObjectChange): void {
  if ("put" in change) cluster.upsert(change.put);
  else cluster.delete(change.remove.kind, namespaceOf(change.remove), nameOf(change.remove));
}

const namespaceOf = (object: ClusterObject) => ("namespace" in object ? object.namespace : undefined);
const keyOf = (object: ClusterObject) => `${object.kind} ${namespaceOf(object)} ${nameOf(object)}`;

/** A workload's pods are known by `Kind/name`. */
function nameOf(object: ClusterObject): string {
  const workload = object.kind === "Pod" ? object.workload : undefined;
  return workload === undefined ? object.name : `${workload.kind}/${object.name}`;
}

function literalCluster(objects: readonly ClusterObject[]): OracleCluster {
  return {
    namespaces: objects.filter((object) => object.kind === "Namespace"),
    nodes: objects.filter((object) => object.kind === "Node"),
    pods: objects.filter((object) => object.kind === "Pod"),
    policies: objects.filter((object) => object.kind === "NetworkPolicy"),
  };
}

/** Some two dozen of many, other ones every time. */
function* some(flows: Iterable<Flow>, turn: number): Generator<Flow> {
  const all = [...flows];
  const stride = Math.max(1, Math.floor(all.length / 24));
  for (let index = turn % stride; index < all.length; index += stride) yield all[index]!;
}

function clusterOf({ objects }: RandomCluster): Cluster {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}

/** The flows between two addresses that a packet can have. What a node sends to its own pods is never forwarded. */
function* packets(cluster: Cluster, flows: Iterable<Flow>): Generator<Flow> {
  for (const asked of flows) {
    const flow = cluster.resolve(asked);
    const [from, to] = [flow.source.address, flow.destination.address];
    if (from === undefined || to === undefined || from.family !== to.family) continue;
    if (isFromNode(cluster, flow)) continue;
    yield bare(flow);
  }
}

function isFromNode(cluster: Cluster, flow: Flow): boolean {
  return cluster.evaluate(bare(flow)).ingress.reason === "node";
}

function isKnown(cluster: Cluster, { source, destination }: Flow): boolean {
  return [source, destination].every(({ address }) => address && cluster.podByAddress(address) !== undefined);
}

/** A packet has addresses, and nothing that says whose they are. */
function bare({ source, destination, ...rest }: Flow): Flow {
  return { source: { address: source.address! }, destination: { address: destination.address! }, ...rest };
}

function disagreement(cluster: Cluster, flow: Flow): string {
  const { source, destination, protocol, port } = flow;
  const engine = cluster.allows(flow) ? "allows" : "denies";
  return `the engine ${engine} ${source.address?.text} → ${destination.address?.text} ${protocol} ${port}`;
}
