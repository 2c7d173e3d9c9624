// What makes a suggestion right, on random clusters and random flows: it keeps every flow, nothing can be taken away from
// it, and it allows nothing that was not recorded between the same workloads.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf } from "../../cluster/objects.testing.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../../model/network-policy.ts";
import type { Pod } from "../../model/objects.ts";
import { printedSeed } from "../../seed.testing.ts";
import {
  flowsOf,
  type RandomCluster,
  randomCluster,
  randomProbes,
} from "../../verdict/random-cluster.testing.ts";
import type { Endpoint, Flow } from "../../verdict/verdict.ts";
import type { FlowRecord } from "../flow-record.ts";
import { end, record } from "../records.testing.ts";
import { type Suggestion, suggest } from "./suggest.ts";
import { Workloads } from "./workloads.ts";

const both: readonly Direction[] = ["Ingress", "Egress"];

/** Flows as an agent would record them: both ends have addresses. */
function recordable(world: RandomCluster, cluster: Cluster, probes: Parameters<typeof flowsOf>[1]): Flow[] {
  return (
    [...flowsOf(world, probes)]
      .map((flow) => cluster.resolve(flow))
      .filter(({ source, destination }) => source.address !== undefined && destination.address !== undefined)
      // Several pods of a workload have one name here; whether a flow is to itself is then no question of names.
      .filter(
        ({ source, destination }) => source.pod?.workload === undefined || source.pod !== destination.pod,
      )
  );
}

/** A pod on its node's network is to an agent an address of the node. */
function recordOf(cluster: Cluster, { source, destination, protocol, port }: Flow): FlowRecord {
  const recorded = ({ pod, address }: Endpoint) => {
    if (pod !== undefined && !pod.hostNetwork) {
      const workload = pod.owner && `${pod.owner.kind}/${pod.owner.name}`;
      return end(address!.text, `${pod.namespace}/${pod.name}`, workload);
    }
    const node = pod?.nodeName ?? cluster.nodeByAddress(address!)?.name;
    return { ...end(address!.text), ...(node !== undefined && { node }) };
  };
  const seenAt = destination.pod?.hostNetwork === false ? destination.pod : source.pod;
  const node = seenAt?.nodeName ?? "none";
  return record(recorded(source), recorded(destination), port, { protocol, node });
}

/** Pods of a workload as a cluster has them: each for itself, with an owner. */
const ownedPods: fc.Arbitrary<RandomCluster> = randomCluster.map((world) => {
  const pods = world.pods.map(
    ({ workload, ...pod }): Pod =>
      workload === undefined ? pod : { ...pod, owner: { kind: workload.kind, name: workload.name } },
  );
  return { ...world, pods, objects: [...world.namespaces, ...world.nodes, ...pods, ...world.policies] };
});

function clusterWith(world: RandomCluster, policies: readonly NetworkPolicy[]): Cluster {
  return clusterOf(...world.objects.filter(({ kind }) => kind !== "NetworkPolicy"), ...policies);
}

const policiesOf = ({ policies }: Suggestion): NetworkPolicy[] => policies.map(({ policy }) => policy);

/** The policy with one rule, peer or port less, in every way. */
function* lessened(policy: NetworkPolicy): Generator<NetworkPolicy> {
  for (const side of ["ingress", "egress"] as const) {
    for (const [index, rule] of policy[side].entries()) {
      const become = (rules: readonly PolicyRule[]) => ({
        ...policy,
        [side]: policy[side].toSpliced(index, 1, ...rules),
      });
      yield become([]);
      for (const part of ["peers", "ports"] as const) {
        // The last one of a list is the rule itself: an empty list means everything.
        if (rule[part].length < 2) continue;
        for (const at of rule[part].keys()) yield become([{ ...rule, [part]: rule[part].toSpliced(at, 1) }]);
      }
    }
  }
}

test("a suggestion keeps every flow, holds nothing needless and allows nothing that was not recorded", () => {
  const seed = printedSeed("suggest");
  fc.assert(
    fc.property(
      ownedPods,
      randomProbes,
      fc.infiniteStream(fc.nat(5)),
      fc.constantFrom(both, ["Ingress"] as const, ["Egress"] as const),
      (world, probes, luck, directions) => {
        const open = clusterWith(world, []);
        const all = recordable(world, open, probes);
        const flows = all.filter(() => luck.next().value === 0);
        const suggestion = suggest(
          open,
          flows.map((flow) => recordOf(open, flow)),
          { directions },
        );
        expect(suggestion.notKept.filter(({ because }) => !because.startsWith("neither end"))).toEqual([]);
        const policies = policiesOf(suggestion);
        const cluster = clusterWith(world, policies);
        const denied = (by: Cluster) => flows.find((flow) => !by.allows(flow));
        expect(denied(cluster)).toBeUndefined();
        for (const [index, policy] of policies.entries()) {
          for (const less of lessened(policy))
            expect(
              denied(clusterWith(world, policies.with(index, less))),
              JSON.stringify(less.name),
            ).toBeDefined();
        }
        const keyOf = needKeys(new Workloads(open));
        const known = new Set(flows.flatMap((flow) => both.map((direction) => keyOf(flow, direction))));
        const unknown = all.filter((flow) => {
          const { ingress, egress } = cluster.evaluate(flow);
          const icmp: Flow = { ...flow, protocol: "ICMP", port: 0 };
          return [ingress, egress].some(
            ({ reason, direction }) =>
              reason === "rule" && !known.has(keyOf(flow, direction)) && !known.has(keyOf(icmp, direction)),
          );
        });
        expect(unknown).toEqual([]);
      },
    ),
    { seed, numRuns: 30 },
  );
});

const additions = [
  { directions: both, beside: true },
  { directions: both, onlyDenied: true },
] as const;

test.each(additions)(
  "beside policies that are there, what recorded flows miss is added, and nothing needless: %j",
  (options) => {
    const seed = printedSeed("suggest beside");
    fc.assert(
      fc.property(ownedPods, randomProbes, fc.infiniteStream(fc.nat(5)), (world, probes, luck) => {
        const present = clusterWith(world, world.policies);
        const flows = recordable(world, present, probes).filter(() => luck.next().value === 0);
        const records = flows.map((flow) => recordOf(present, flow));
        const added = policiesOf(suggest(present, records, options));
        const denied = (policies: readonly NetworkPolicy[]) => {
          const cluster = clusterWith(world, [...world.policies, ...policies]);
          return flows.find((flow) => !cluster.allows(flow));
        };
        expect(denied(added)).toBeUndefined();
        for (const [index, policy] of added.entries())
          for (const less of lessened(policy))
            expect(denied(added.with(index, less)), less.name).toBeDefined();
      }),
      { seed, numRuns: 30 },
    );
  },
);

/** The workload, the direction, whom it meets and where. */
function needKeys(workloads: Workloads) {
  const name = ({ pod, address }: Endpoint) => (pod && workloads.groupOf(pod)?.key) ?? address?.text;
  return ({ source, destination, protocol, port }: Flow, direction: Direction): string => {
    const [subject, peer] = direction === "Ingress" ? [destination, source] : [source, destination];
    return [direction, name(subject), name(peer), protocol, port].join(" ");
  };
}

test("every group's selector selects exactly its pods, however the pods come", () => {
  const seed = printedSeed("workload selectors");
  fc.assert(
    fc.property(ownedPods, (world) => {
      const cluster = clusterWith(world, []);
      const names = (pods: readonly Pod[]) => pods.map(({ name }) => name).sort();
      const workloads = new Workloads(cluster);
      const keys: string[] = [];
      for (const { name: namespace } of cluster.namespaces()) {
        const here = cluster.pods(namespace).filter(({ hostNetwork }) => !hostNetwork);
        expect(names(workloads.in(namespace).flatMap(({ pods }) => pods))).toEqual(names(here));
        for (const group of workloads.in(namespace)) {
          keys.push(`${group.key} ${group.names}`);
          const probe: NetworkPolicy = {
            kind: "NetworkPolicy",
            namespace,
            name: "probe",
            podSelector: group.selector,
            policyTypes: ["Ingress"],
            ingress: [],
            egress: [],
          };
          const asked = clusterWith(world, [probe]);
          const selected = here.filter((pod) => asked.policiesSelecting(pod).length > 0);
          const alive = group.pods.filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed");
          expect(names(selected)).toEqual(names(alive));
        }
      }
      const again = new Workloads(clusterOf(...world.objects.toReversed()));
      expect(
        cluster.namespaces().flatMap(({ name }) => again.in(name).map((each) => `${each.key} ${each.names}`)),
      ).toEqual(keys);
    }),
    { seed, numRuns: 100 },
  );
});
