import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { assertionYaml } from "../report/assertions/assertion-yaml.ts";
import { printedSeed } from "../seed.testing.ts";
import type { RandomCluster } from "../verdict/random-cluster.testing.ts";
import type { Assertion } from "./assertion.ts";
import { brutePairs, randomWorld } from "./brute-force.testing.ts";
import { AssertionJudge } from "./judge.ts";
import { readAssertions } from "./read-assertions.ts";
import { recordAssertions } from "./record.ts";

const seed = printedSeed("assertions");
/** PORTCULLIS_RUNS=20 for a long look: so many times as many clusters. */
const runs = Number(process.env.PORTCULLIS_RUNS ?? 1);
vi.setConfig({ testTimeout: 10_000 * runs });

const peer = fc.constantFrom(
  "*/*",
  "a/*",
  "*/[app=x]",
  "*/[app in (y, z),!tier]",
  "[app]/*",
  "[kubernetes.io/metadata.name notin (a)]/[tier]",
  "a/p0",
  "a/p1",
  "a/pod/p0",
  "a/deploy/w",
  "a/w",
  "outside",
  "10.0.0.2",
  "fd00::1",
  "10.1.0.1",
  "192.0.2.1",
  "0.0.0.0/0",
  "10.0.0.0/24",
  "2001:db8::/32",
);
const port = fc.constantFrom(
  "80",
  "79-81",
  "http",
  "dns/udp",
  "all/udp",
  "icmp",
  "all",
  "8080/sctp",
  "82-65535",
);
const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
const item = fc.record({
  from: several(peer),
  to: several(peer),
  ports: fc.array(port, { minLength: 1, maxLength: 2 }),
  expect: fc.constantFrom("allow", "deny"),
  match: fc.constantFrom("each", "each", "any"),
});

function read(text: string): readonly Assertion[] {
  const { assertions, diagnostics } = readAssertions([{ file: "a.yaml", text }]);
  expect(diagnostics).toEqual([]);
  return assertions;
}

const document = (items: readonly unknown[]) =>
  JSON.stringify({ apiVersion: "portcullis.dev/v1alpha1", kind: "Assertions", assertions: items });

test("the judge says of every pair what the oracle says of each of its flows", () => {
  const seen = { pass: 0, fail: 0, error: 0, pairs: 0 };
  fc.assert(
    fc.property(randomWorld, fc.array(item, { minLength: 1, maxLength: 4 }), (world, items) => {
      const cluster = clusterOf(...world.objects);
      const judge = new AssertionJudge(cluster);
      for (const assertion of read(document(items.map((one) => ({ ...one, mayBeEmpty: true }))))) {
        const judged = judge.judge(assertion);
        seen[judged.status]++;
        const wanted = assertion.expect === "allow";
        const pairs = [...brutePairs(assertion, world, cluster)];
        seen.pairs += pairs.length;
        const isBroken = (answers: readonly { readonly allowed: boolean }[]) =>
          assertion.match === "each"
            ? answers.some(({ allowed }) => allowed !== wanted)
            : answers.every(({ allowed }) => allowed !== wanted);
        const broken = pairs.filter(({ answers }) => isBroken(answers));
        const holds =
          assertion.match === "each"
            ? broken.length === 0
            : pairs.length === 0 || broken.length < pairs.length;
        expect(judged.status, assertion.name).toBe(holds ? "pass" : "fail");
        if (judged.counterExample === undefined) continue;
        const { verdict, ports } = judged.counterExample;
        // The counter-example is a flow that the assertion is about, and the explanation says the opposite of it.
        expect(verdict.allowed).toBe(!wanted);
        expect(ports.has(verdict.flow.protocol, verdict.flow.port)).toBe(true);
        const { source, destination } = verdict.flow;
        const first = broken[0]!;
        if (first.source.pod !== undefined) expect(nameOf(source.pod)).toBe(nameOf(first.source.pod));
        if (first.destination.pod !== undefined)
          expect(nameOf(destination.pod)).toBe(nameOf(first.destination.pod));
      }
    }),
    { seed, numRuns: 80 * runs },
  );
  console.log(`assertions: ${JSON.stringify(seen)}`);
  expect(seen.error).toBe(0);
  expect(seen.pass).toBeGreaterThan(30);
  expect(seen.fail).toBeGreaterThan(15);
});

test("without mayBeEmpty an assertion about nobody is an error, and one about somebody is none", () => {
  fc.assert(
    fc.property(randomWorld, item, (world, one) => {
      const cluster = clusterOf(...world.objects);
      const ports = ["80", "all"];
      const [assertion] = read(document([{ ...one, ports }]));
      const judged = new AssertionJudge(cluster).judge(assertion!);
      const about = (side: "from" | "to") =>
        assertion![side].every((each) => {
          const alone = { ...assertion!, from: [each], to: [each] };
          return hasEnds(alone, world, cluster);
        });
      const pairs = [...brutePairs(assertion!, world, cluster)];
      expect(judged.status === "error", JSON.stringify([one, judged.problem])).toBe(
        !about("from") || !about("to") || pairs.length === 0,
      );
    }),
    { seed, numRuns: 40 * runs },
  );
});

/** Whether the one peer on both sides means anybody: a pod reaches a stranger, or a stranger a pod. */
function hasEnds(assertion: Assertion, world: RandomCluster, cluster: Cluster): boolean {
  const stranger = read(
    document([{ from: "198.51.100.9", to: "198.51.100.9", ports: "all", expect: "allow" }]),
  )[0]!;
  const anyone = read(document([{ from: "*/*", to: "*/*", ports: "all", expect: "allow" }]))[0]!;
  const toStranger = [...brutePairs({ ...assertion, to: stranger.to }, world, cluster)].length > 0;
  return toStranger || [...brutePairs({ ...assertion, to: anyone.to }, world, cluster)].length > 0;
}

const defaultDeny = fc.record({
  namespace: fc.constantFrom("a", "a", "b", "c"),
  policyTypes: fc.constantFrom<NetworkPolicy["policyTypes"]>(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
});

test("what --init writes holds; it covers every pair; with a default-deny it fails just where reachability changed", () => {
  let changedOnce = 0;
  fc.assert(
    fc.property(randomWorld, defaultDeny, (world, deny) => {
      const cluster = clusterOf(...world.objects);
      const recording = recordAssertions(cluster);
      // A world whose only pods are finished has nothing to assert.
      if (recording.assertions.length === 0) return;
      const text = assertionYaml(recording);
      expect(assertionYaml(recordAssertions(clusterOf(...world.objects.toReversed())))).toBe(text);
      const assertions = read(text);
      const before = new AssertionJudge(cluster);
      for (const assertion of assertions) {
        const { status, problem } = before.judge(assertion);
        expect(status, `${assertion.name}: ${problem}\n${text}`).toBe("pass");
      }

      const policy: NetworkPolicy = {
        kind: "NetworkPolicy",
        name: "zz-default-deny",
        ...deny,
        podSelector: { matchLabels: {}, matchExpressions: [] },
        ingress: [],
        egress: [],
      };
      const changed = {
        ...world,
        policies: [...world.policies, policy],
        objects: [...world.objects, policy],
      };
      const after = new AssertionJudge(clusterOf(...changed.objects));
      const covered = new Set<string>();
      for (const assertion of assertions) {
        const then = [...brutePairs(assertion, changed, cluster)];
        const wanted = assertion.expect === "allow";
        const isChanged = then.some(({ answers }) => answers.some(({ allowed }) => allowed !== wanted));
        expect(after.judge(assertion).status, assertion.name).toBe(isChanged ? "fail" : "pass");
        if (isChanged) changedOnce++;
        for (const { source, destination, answers } of then)
          for (const { at } of answers)
            covered.add(`${nameOf(source.pod)} ${nameOf(destination.pod)} ${at.protocol} ${at.port}`);
      }
      for (const missing of uncovered(world, cluster, covered, new Set(recording.unnamed)))
        expect(missing).toBe("");
    }),
    { seed, numRuns: 20 * runs },
  );
  expect(changedOnce).toBeGreaterThan(0);
});

const nameOf = (pod: { readonly namespace: string; readonly name: string } | undefined): string =>
  pod === undefined ? "outside" : `${pod.namespace}/${pod.name}`;

/** Pairs of pods and declared ports that no assertion is about, though all of the destination's pods agree on them. */
function* uncovered(
  world: RandomCluster,
  cluster: Cluster,
  covered: ReadonlySet<string>,
  unnamed: ReadonlySet<string>,
): Generator<string> {
  // Over two families, or from a node to its own pods, the pods of a workload need not agree.
  const pods = world.pods.filter(
    ({ phase, addresses, hostNetwork }) =>
      phase !== "Succeeded" && phase !== "Failed" && addresses.length < 2 && !hostNetwork,
  );
  for (const source of pods) {
    for (const destination of pods) {
      if (source === destination || unnamed.has(nameOf(source)) || unnamed.has(nameOf(destination))) continue;
      for (const { protocol, port: number } of destination.ports) {
        const key = `${nameOf(source)} ${nameOf(destination)} ${protocol} ${number}`;
        if (!covered.has(key))
          yield `${key} (${cluster.allows({ source: { pod: source }, destination: { pod: destination }, protocol, port: number })})`;
      }
    }
  }
}
