import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterOf } from "../cluster/objects.testing.ts";
import { judge } from "../program/judge.ts";
import { ProgramIndex } from "../program/program-index.ts";
import { printedSeed } from "../seed.testing.ts";
import { oracle } from "./oracle.ts";
import { flowsOf, randomCluster, randomProbes } from "./random-cluster.testing.ts";
import type { Flow } from "./verdict.ts";

const CLUSTERS = 10_000;

test(`oracle, evaluator, fast path, sets of ports and program agree on ${CLUSTERS} random clusters, on every pair`, () => {
  const seed = printedSeed("agreement");
  let [flows, allowed, judged] = [0, 0, 0];
  fc.assert(
    fc.property(randomCluster, randomProbes, (objects, probes) => {
      const cluster = clusterOf(...objects.objects);
      const program = new ProgramIndex(cluster.program(() => true));
      for (const flow of flowsOf(objects, probes)) {
        const expected = oracle(objects, flow);
        flows++;
        if (expected) allowed++;
        if (cluster.allows(flow) !== expected) fail("allows", flow, expected);
        if (flows % 3 === 0) {
          const ports = cluster.allowedPorts(flow.source, flow.destination);
          if (ports.has(flow.protocol, flow.port) !== expected) fail("allowedPorts", flow, expected);
        }
        // The explanation is made for a part of the flows: it is the same evaluator, and slower.
        if (flows % 8 === 0) {
          const verdict = cluster.evaluate(flow);
          if (verdict.allowed !== expected) fail("evaluate", flow, expected);
          if (verdict.allowed !== (verdict.egress.allowed && verdict.ingress.allowed))
            fail("both sides", flow, expected);
        }
        const packet = packetOf(cluster.resolve(flow));
        if (packet === undefined) continue;
        judged++;
        if (judge(program, packet).allowed !== expected) fail("judge", flow, expected);
      }
    }),
    { seed, numRuns: CLUSTERS },
  );
  console.log(`agreement: ${flows} flows, ${allowed} allowed, ${judged} as packets`);
  // The generator must keep asking real questions: many of each answer.
  expect(allowed / flows).toBeGreaterThan(0.2);
  expect(allowed / flows).toBeLessThan(0.9);
  expect(judged / flows).toBeGreaterThan(0.5);
}, 180_000);

/** A flow as a packet, when it can be one: both addresses known, of one family. */
function packetOf({ source, destination, protocol, port }: Flow) {
  if (source.address === undefined || destination.address === undefined) return undefined;
  if (source.address.family !== destination.address.family) return undefined;
  return { source: source.address, destination: destination.address, protocol, port };
}

function fail(subject: string, flow: Flow, expected: boolean): never {
  const text = JSON.stringify(flow, (_, value) => (typeof value === "bigint" ? String(value) : value));
  throw new Error(`${subject} disagrees with the oracle, which says ${expected}: ${text}`);
}
