import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf, labelled, pod, policy, rule, tcp } from "../cluster/objects.testing.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import type { AddressRange } from "../reach/outside.ts";
import { printedSeed } from "../seed.testing.ts";
import { endpointsOf, randomCluster } from "../verdict/random-cluster.testing.ts";
import { allAllowed, answers } from "./answers.ts";
import { cutCidr } from "./cut-cidr.ts";

const seed = printedSeed("answers");

const some = PortSet.of([
  { protocol: "TCP", from: 78, to: 83 },
  { protocol: "UDP", from: 80, to: 80 },
]).union(PortSet.icmp);

test("every flow asked about is in one group, whose verdict is its own", () => {
  let flows = 0;
  fc.assert(
    fc.property(randomCluster, (random) => {
      const cluster = clusterOf(...random.objects);
      const ends = endpointsOf(random).map((endpoint) => ({ endpoint }));
      const groups = answers(
        cluster,
        ends,
        ends.map((end) => ({ ...end, ports: some })),
      );
      for (const source of ends) {
        for (const destination of ends) {
          const mine = groups.filter(
            (group) =>
              group.sources.includes(source) &&
              group.destinations.some(({ endpoint }) => endpoint === destination.endpoint),
          );
          const allowed = mine.filter(({ verdict }) => verdict.allowed).map(({ ports }) => ports);
          const all = mine.map(({ ports }) => ports).reduce((a, b) => a.union(b), PortSet.none);
          expect(all.key).toBe(some.key);
          expect(mine.reduce((sum, { ports }) => sum + size(ports), 0)).toBe(size(some));
          flows++;
          expect(allowed.reduce((a, b) => a.union(b), PortSet.none).key).toBe(
            some.intersect(cluster.allowedPorts(source.endpoint, destination.endpoint)).key,
          );
        }
      }
      for (const { sources, destinations, ports, verdict } of groups) {
        const [first] = ports.ranges;
        expect(verdict).toEqual(
          cluster.evaluate({
            source: sources[0]!.endpoint,
            destination: destinations[0]!.endpoint,
            protocol: first?.protocol ?? "ICMP",
            port: first?.from ?? 0,
          }),
        );
      }
      expect(allAllowed(groups)).toBe(groups.every(({ verdict }) => verdict.allowed));
    }),
    { seed, numRuns: 40 },
  );
  expect(flows).toBeGreaterThan(2_000);
});

const size = ({ ranges, portless }: PortSet): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, portless ? 1 : 0);

test("many pods are judged by class, and a pod's question about itself is not lost in it", () => {
  const names = Array.from({ length: 20 }, (_, index) => `a/p${index}`);
  const cluster = clusterOf(
    ...names.map((name, index) => pod(name, { odd: String(index % 2) }, [`10.0.0.${index + 1}`])),
    policy("a/np", labelled({}), {
      ingress: [rule([{ kind: "pods", podSelector: labelled({ odd: "1" }) }], [tcp(80)])],
    }),
  );
  const ends = cluster.pods().map((one) => ({ endpoint: { pod: one } }));
  const http = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);
  const groups = answers(
    cluster,
    ends,
    ends.map((end) => ({ ...end, ports: http })),
  );
  const flows = groups.flatMap(({ sources, destinations, verdict }) =>
    sources.flatMap(({ endpoint: from }) =>
      destinations.map(({ endpoint: to }) => ({
        from,
        to,
        allowed: verdict.allowed,
        reason: verdict.ingress.reason,
      })),
    ),
  );
  expect(flows).toHaveLength(400);
  for (const { from, to, allowed, reason } of flows) {
    const verdict = cluster.evaluate({ source: from, destination: to, protocol: "TCP", port: 80 });
    expect([allowed, reason]).toEqual([verdict.allowed, verdict.ingress.reason]);
  }
});

test("a prefix is cut where policies cut it, and around those whom we know", () => {
  fc.assert(
    fc.property(
      randomCluster,
      fc.constantFrom("10.0.0.0/24", "0.0.0.0/0", "fd00::/120", "10.1.0.1/32"),
      (random, text) => {
        const cluster = clusterOf(...random.objects);
        const cidr = parseCidr(text) as Cidr;
        const pieces = cutCidr(cluster, cidr);
        expect(pieces[0]!.first.value).toBe(cidr.first);
        expect(pieces.at(-1)!.last.value).toBe(cidr.last);
        for (const [index, piece] of pieces.entries()) {
          if (index > 0) expect(piece.first.value).toBe(pieces[index - 1]!.last.value + 1n);
          alike(cluster, piece);
        }
      },
    ),
    { seed, numRuns: 60 },
  );
});

/** The first and the last address of a piece may reach the same. */
function alike(cluster: Cluster, { first, last }: AddressRange): void {
  for (const one of cluster.pods()) {
    const ports = [first, last].map((address) => cluster.allowedPorts({ address }, { pod: one }).key);
    expect(ports[0]).toBe(ports[1]);
  }
}
