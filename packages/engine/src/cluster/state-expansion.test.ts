// The state of a cluster is its present objects, whatever happened before: any list of events, run as it is, shuffled,
// reversed, with detours and with questions in between, ends in the same Program and the same verdicts.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClusterObject } from "../model/objects.ts";
import type { Program } from "../program/program.ts";
import { printedSeed } from "../seed.testing.ts";
import {
  flowsOf,
  type RandomCluster,
  randomCluster,
  randomProbes,
} from "../verdict/random-cluster.testing.ts";
import { Cluster } from "./cluster.ts";
import { podName } from "./pod-entry.ts";

type Event =
  | { readonly put: ClusterObject }
  | { readonly drop: ClusterObject }
  /** Asks for the Program, so that everything that is remembered gets filled and must be refreshed. */
  | "look";

const RUNS = 500;

test("every way to the same objects ends in the same Program and verdicts", () => {
  const seed = printedSeed("state expansion");
  fc.assert(
    fc.property(
      randomCluster,
      randomCluster,
      randomProbes,
      fc.infiniteStream(fc.nat()),
      (end, past, probes, numbers) => {
        const random = (below: number) => numbers.next().value % below;
        const plain = run(end.objects.map((object) => ({ put: object })));
        const expected = plain.program(everywhere);
        const answers = [...flowsOf(end, probes)].map((flow) => plain.allows(flow));
        for (const [name, events] of expansions(end, past, random)) {
          const cluster = run(events);
          expect(cluster.program(everywhere), name).toEqual(expected);
          for (const node of nodesOf(plain)) {
            const ofNode = plain.program(({ nodeName }) => nodeName === node);
            expect(cluster.program({ node }), `${name}, ${node}`).toEqual(ofNode);
          }
          expect(
            [...flowsOf(end, probes)].map((flow) => cluster.allows(flow)),
            name,
          ).toEqual(answers);
          expect(cluster.namespaces(), name).toEqual(plain.namespaces());
          expect(cluster.policies(), name).toEqual(plain.policies());
        }
      },
    ),
    { seed, numRuns: RUNS },
  );
});

test("every step on the way is equal to a fresh cluster of the objects so far", () => {
  const seed = printedSeed("every step");
  fc.assert(
    fc.property(randomCluster, randomCluster, fc.infiniteStream(fc.nat()), (end, past, numbers) => {
      const random = (below: number) => numbers.next().value % below;
      const cluster = new Cluster();
      const present = new Map<string, ClusterObject>();
      for (const event of detour(end, past, random)) {
        apply(cluster, event);
        if (event === "look") continue;
        if ("put" in event) present.set(key(event.put), event.put);
        else present.delete(key(event.drop));
        const fresh = run([...present.values()].map((object) => ({ put: object })));
        expect(cluster.program(everywhere)).toEqual(fresh.program(everywhere));
      }
    }),
    { seed, numRuns: RUNS / 5 },
  );
});

test("tearing everything down leaves nothing", () => {
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = run([...objects.map((object) => ({ put: object })), "look"]);
      for (const object of objects) apply(cluster, { drop: object });
      expect(cluster.program(everywhere)).toEqual(nothing);
      expect([cluster.namespaces(), cluster.nodes(), cluster.pods(), cluster.policies()]).toEqual([
        [],
        [],
        [],
        [],
      ]);
    }),
    { numRuns: RUNS / 5, seed: 1 },
  );
});

const nodesOf = (cluster: Cluster): ReadonlySet<string> =>
  new Set(["nowhere", ...cluster.pods().flatMap(({ nodeName }) => nodeName ?? [])]);

const nothing: Program = { pods: [], chains: [], addressSets: [], endpointSets: [] };
const everywhere = () => true;

function expansions(
  end: RandomCluster,
  past: RandomCluster,
  random: (below: number) => number,
): readonly [string, readonly Event[]][] {
  const puts = end.objects.map((object) => ({ put: object }));
  return [
    ["reversed", puts.toReversed()],
    ["twice", [...puts, ...puts]],
    ["shuffled", shuffle(puts, random)],
    ["looked at after every event", puts.flatMap((event): Event[] => [event, "look"])],
    ["from another state", detour(end, past, random)],
    [
      "dropped and put again",
      puts.flatMap(({ put }): Event[] => [{ put }, "look", { drop: put }, "look", { put }]),
    ],
  ];
}

/** First the other cluster's objects, then, mixed: the new ones, and the end of those that do not stay. */
function detour(
  end: RandomCluster,
  past: RandomCluster,
  random: (below: number) => number,
): readonly Event[] {
  const staying = new Set(end.objects.map(key));
  const before: Event[] = past.objects.map((object) => ({ put: object }));
  const drops: Event[] = past.objects.filter((object) => !staying.has(key(object))).map((drop) => ({ drop }));
  const puts: Event[] = end.objects.map((object) => ({ put: object }));
  const looks: Event[] = ["look", "look"];
  return [...shuffle(before, random), "look", ...shuffle([...drops, ...puts, ...looks], random)];
}

function shuffle<T>(items: readonly T[], random: (below: number) => number): T[] {
  const mixed = items.slice();
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

function run(events: readonly Event[]): Cluster {
  const cluster = new Cluster();
  for (const event of events) apply(cluster, event);
  return cluster;
}

function apply(cluster: Cluster, event: Event): void {
  if (event === "look") cluster.program(everywhere);
  else if ("put" in event) cluster.upsert(event.put);
  else expect(cluster.delete(event.drop.kind, namespaceOf(event.drop), nameOf(event.drop))).toBe(true);
}

const namespaceOf = (object: ClusterObject) => ("namespace" in object ? object.namespace : undefined);
const nameOf = (object: ClusterObject) => (object.kind === "Pod" ? podName(object) : object.name);
const key = (object: ClusterObject) => `${object.kind} ${namespaceOf(object)}/${nameOf(object)}`;
