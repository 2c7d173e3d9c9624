import { Cluster, type Flow } from "@portcullis/engine";
import { flowsOf, type RandomCluster, randomCluster, randomProbes } from "@portcullis/engine/testing";
import { plan } from "@portcullis/nft";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeKernel } from "./fake-kernel.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const numRuns = Number(process.env.PORTCULLIS_RUNS ?? 400);

test(`the generated ruleset decides as the engine does (seed ${seed})`, async () => {
  let flows = 0;
  await fc.assert(
    fc.asyncProperty(randomCluster, randomProbes, async (random, probes) => {
      const cluster = clusterOf(random);
      const kernel = new FakeKernel();
      await kernel.enforce(cluster);
      for (const flow of packets(cluster, random, probes)) {
        flows += 1;
        if (kernel.passes(flow) !== cluster.allows(flow)) throw new Error(disagreement(cluster, flow));
      }
    }),
    { seed, numRuns },
  );
  expect(flows).toBeGreaterThan(numRuns * 10);
});

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
      watched = [...packets(before, first, probes)]
        .filter((flow) => before.allows(bare(flow)) === after.allows(bare(flow)))
        .filter((flow) => isKnown(after, flow) && !isFromNode(after, flow))
        .map((flow) => [bare(flow), before.allows(bare(flow))]);
      await kernel.enforce(after);
      watched = [];

      for (const flow of packets(after, second, probes)) {
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

function clusterOf({ objects }: RandomCluster): Cluster {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}

/** Every flow between two addresses that a packet can have. What a node sends to its own pods is never forwarded. */
function* packets(
  cluster: Cluster,
  random: RandomCluster,
  probes: Parameters<typeof flowsOf>[1],
): Generator<Flow> {
  for (const asked of flowsOf(random, probes)) {
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
