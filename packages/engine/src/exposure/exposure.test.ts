import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  block,
  clusterOf,
  everything,
  labelled,
  named,
  namespaces,
  pod,
  pods,
  podsIn,
  policy,
  rule,
  tcp,
  udp,
} from "../cluster/objects.testing.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { Labels } from "../model/labels.ts";
import type { Namespace, Pod } from "../model/objects.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster, randomProbes } from "../verdict/random-cluster.testing.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type Candidate, isExposedTo } from "./exposed-peer.ts";
import { type ExposedSide, exposure } from "./exposure.ts";

const seed = printedSeed("exposure");

const labels: fc.Arbitrary<Labels> = fc.dictionary(
  fc.constantFrom("app", "tier"),
  fc.constantFrom("x", "y", "z", "new"),
  {
    maxKeys: 2,
    noNullPrototype: true,
  },
);

/** A pod that nobody has seen, perhaps in a namespace that nobody has seen. */
const newcomer = fc.record({
  namespace: fc.constantFrom("a", "b", "new"),
  namespaceLabels: labels,
  labels,
  addresses: fc.constantFrom<readonly string[]>(
    [],
    ["10.0.0.3"],
    ["10.0.0.150"],
    ["192.0.2.9", "fd00::9"],
    ["2001:db8::9"],
  ),
  ports: fc.constantFrom<Pod["ports"]>([], [named("http", 80)], [named("http", 81), named("dns", 80, "UDP")]),
});

const settle = (side: ExposedSide, candidate: Candidate, verdict: Verdict, destination: Pod): boolean =>
  side.openings.some(({ who, ports }) => {
    if (!isExposedTo(who, candidate)) return false;
    const { protocol, port } = verdict.flow;
    if (ports.numbers.has(protocol, port)) return true;
    return destination.ports.some(
      (each) =>
        each.port === port && each.protocol === protocol && ports.names.has(`${protocol} ${each.name}`),
    );
  });

test("whoever comes, the policies of each workload treat him as the exposure says", () => {
  let [asked, allowed] = [0, 0];
  fc.assert(
    fc.property(
      randomCluster,
      newcomer,
      randomProbes,
      (random, { addresses, namespaceLabels, ...body }, probes) => {
        const cluster = clusterOf(...random.objects);
        const before = exposure(cluster);
        const known = cluster.get("Namespace", undefined, body.namespace);
        if (known === undefined)
          cluster.upsert({ kind: "Namespace", name: body.namespace, labels: namespaceLabels });
        const stranger: Pod = {
          kind: "Pod",
          name: "stranger",
          hostNetwork: false,
          phase: "Running",
          addresses: addresses.map((text) => parseAddress(text) as Address),
          ...body,
        };
        cluster.upsert(stranger);
        const { labels: effective } = cluster.get("Namespace", undefined, body.namespace) as Namespace;
        const asPod = { namespace: body.namespace, namespaceLabels: effective, labels: body.labels };
        for (const one of cluster.pods()) {
          if (one === stranger || isFinished(one)) continue;
          for (const side of before.sides.filter(({ peer }) => peer.pods.includes(one))) {
            for (const probe of probes) {
              const inward = side.direction === "Ingress";
              const [source, destination] = inward ? [stranger, one] : [one, stranger];
              const verdict = cluster.evaluate({
                source: { pod: source },
                destination: { pod: destination },
                ...probe,
              });
              const { address } = inward ? verdict.flow.source : verdict.flow.destination;
              const said = settle(side, { pod: asPod, ...(address && { address }) }, verdict, destination);
              asked++;
              if (said) allowed++;
              expect(said).toBe((inward ? verdict.ingress : verdict.egress).allowed);
            }
          }
        }
      },
    ),
    { seed, numRuns: 350 },
  );
  expect(asked).toBeGreaterThan(1_500);
  expect(allowed).toBeGreaterThan(300);
});

test("an address outside is treated as the exposure says", () => {
  fc.assert(
    fc.property(randomCluster, randomProbes, (random, probes) => {
      const cluster = clusterOf(...random.objects);
      const { sides } = exposure(cluster);
      for (const address of random.outside) {
        if (cluster.nodeByAddress(address) !== undefined) continue;
        for (const side of sides) {
          for (const one of side.peer.pods) {
            for (const probe of probes) {
              const inward = side.direction === "Ingress";
              const ends = inward
                ? { source: { address }, destination: { pod: one } }
                : { source: { pod: one }, destination: { address } };
              const verdict = cluster.evaluate({ ...ends, ...probe });
              const said = side.openings.some(
                ({ who, ports }) =>
                  (isExposedTo(who, { address }) && ports.numbers.has(probe.protocol, probe.port)) ||
                  (inward && settle(side, { address }, verdict, one)),
              );
              expect(said).toBe((inward ? verdict.ingress : verdict.egress).allowed);
            }
          }
        }
      }
    }),
    { seed, numRuns: 120 },
  );
});

describe("openings", () => {
  const web = pod("a/web", { app: "web" }, ["10.0.0.1"], { ports: [named("http", 8080)] });
  const ingress = (...rules: Parameters<typeof policy>[2]["ingress"] & object) =>
    exposure(clusterOf(web, policy("a/np", everything, { ingress: rules }))).sides.find(
      ({ direction }) => direction === "Ingress",
    )!;

  test("what another contains is left out and remembered", () => {
    const { openings } = ingress(
      rule([podsIn({ team: "x" }, { app: "api" })], [tcp(80)]),
      rule([namespaces({ team: "x" })], [tcp(80), tcp(81)]),
      rule([pods({ app: "api" })], [udp(53)]),
    );
    expect(
      openings.map(({ who, rules, covers }) => [
        who.kind,
        rules.map((each) => each.rule),
        covers.map((each) => each.rule),
      ]),
    ).toEqual([
      ["pods", [1], [0]],
      ["pods", [2], []],
    ]);
  });

  test("a peer that two rules name is one, with the ports of both", () => {
    const { openings } = ingress(
      rule([pods({ app: "api" })], [tcp("http")]),
      rule([pods({ app: "api" })], [tcp(9090)]),
    );
    expect(openings).toHaveLength(1);
    expect(openings[0]!.ports.numbers.key).toBe("TCP8080-8080,TCP9090-9090");
    expect(openings[0]!.rules.map((each) => each.rule)).toEqual([0, 1]);
  });

  test("ranges of addresses are joined; a rule for anyone hides what it contains", () => {
    expect(ingress(rule([block("10.0.0.0/9"), block("10.128.0.0/9")])).openings).toMatchObject([
      { who: { kind: "addresses", cidrs: [{ text: "10.0.0.0/8" }] } },
    ]);
    expect(
      ingress(rule([block("10.0.0.0/9")]), rule([]), rule([pods({})], [tcp(80)])).openings,
    ).toMatchObject([{ who: { kind: "anyone" }, covers: [{ rule: 0 }, { rule: 2 }] }]);
  });

  test("what nobody can be, and a port that the pod does not have, open nothing", () => {
    const impossible = {
      kind: "pods" as const,
      podSelector: {
        matchLabels: { app: "x" },
        matchExpressions: [{ key: "app", operator: "DoesNotExist" as const, values: [] }],
      },
    };
    const side = ingress(
      rule([impossible]),
      rule([block("10.0.0.0/8", "10.0.0.0/8")]),
      rule([], [tcp("none")]),
    );
    expect(side).toMatchObject({ isolation: "isolated", openings: [] });
  });

  test("counts, and workloads without isolation first", () => {
    const cluster = clusterOf(
      web,
      pod("a/closed", { app: "closed" }, ["10.0.0.2"]),
      pod("a/open", {}, ["10.0.0.3"]),
      pod("a/host", {}, ["10.1.0.1"], { hostNetwork: true }),
      policy("a/np", labelled({ app: "web" }), { ingress: [rule([block("0.0.0.0/0")])] }),
      policy("a/closed", labelled({ app: "closed" }), { ingress: [], egress: [] }),
    );
    const { sides, counts } = exposure(cluster);
    expect(counts).toEqual({
      workloads: 4,
      noIngressIsolation: 1,
      noEgressIsolation: 2,
      reachableFromOutside: 2,
      hostNetwork: 1,
    });
    expect(sides.map(({ direction, peer, isolation }) => `${direction} ${peer.name} ${isolation}`)).toEqual([
      "Ingress open not-isolated",
      "Ingress host host-network",
      "Ingress closed isolated",
      "Ingress web isolated",
      "Egress open not-isolated",
      "Egress web not-isolated",
      "Egress host host-network",
      "Egress closed isolated",
    ]);
  });
});
