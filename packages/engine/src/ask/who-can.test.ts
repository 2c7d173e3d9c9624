import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { cidrContains } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import { PodLister } from "./pod-lister.ts";
import { type Admission, type Everybody, whoCanBeReachedFrom, whoCanReach } from "./who-can.ts";

const seed = printedSeed("who can");

const asked = PortSet.of([
  { protocol: "TCP", from: 79, to: 81 },
  { protocol: "UDP", from: 80, to: 80 },
]);

function everybody(objects: Parameters<Cluster["upsert"]>[0][], byPod: boolean): Everybody {
  const cluster = clusterOf(...objects);
  return { cluster, reach: cluster.reachability(), lister: new PodLister(cluster, byPod) };
}

const isIn = (peer: ListedPeer, { pod, address }: Endpoint): boolean =>
  peer.kind === "pods"
    ? pod !== undefined && peer.pods.includes(pod)
    : pod === undefined && peer.cidrs.some((cidr) => cidrContains(cidr, address!));

const portsOf = (admissions: readonly Admission[], subject: Endpoint, peer: Endpoint): PortSet =>
  admissions
    .filter((each) => isIn(each.subject, subject) && isIn(each.peer, peer))
    .reduce((all, { ports }) => all.union(ports), PortSet.none);

/** Not several pods to each other: what has an address is one. */
const isOne = ({ workload, addresses }: Pod): boolean =>
  workload === undefined || workload.replicas === 1 || addresses.length > 0;

test.each([true, false])(
  "who can reach, and be reached: those whom the evaluator allows, by pod %s",
  (byPod) => {
    let compared = 0;
    fc.assert(
      fc.property(randomCluster, ({ objects, outside }) => {
        const all = everybody([...objects], byPod);
        const { cluster } = all;
        const living = cluster.pods().filter((pod) => !isFinished(pod));
        const ends: Endpoint[] = [
          ...living.map((pod) => ({ pod })),
          ...outside
            .filter((address) => cluster.nodeByAddress(address) === undefined)
            .map((address) => ({ address })),
        ];
        const about = ends.map((endpoint) => ({ endpoint }));
        const inward = whoCanReach(
          all,
          about.map((end) => ({ ...end, ports: asked })),
        );
        const outward = whoCanBeReachedFrom(all, about, asked);
        for (const source of ends) {
          for (const destination of ends) {
            if (source.pod === undefined && destination.pod === undefined) continue;
            if (source === destination && isOne(source.pod!)) continue;
            const expected = cluster.allowedPorts(source, destination).intersect(asked).key;
            compared++;
            expect(portsOf(inward, destination, source).key).toBe(expected);
            expect(portsOf(outward, source, destination).key).toBe(expected);
          }
        }
        for (const { verdict, ports } of [...inward, ...outward]) {
          expect(verdict.allowed).toBe(true);
          expect(ports.has(verdict.flow.protocol, verdict.flow.port)).toBe(true);
        }
      }),
      { seed, numRuns: 90 },
    );
    expect(compared).toBeGreaterThan(1_200);
  },
);
