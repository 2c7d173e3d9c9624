import type { PublishedRecord } from "@portcullis/agent";
import type { KubeClient } from "@portcullis/kube";
import { type FleetNode, fleetNodes } from "./fleet.ts";
import { FleetIndex, type KnownPods, noPods } from "./fleet-index.ts";
import { type LeftOver, leftOvers } from "./left-over.ts";
import { type PolicyStatus, policyStatus } from "./policy-status.ts";
import type { NodeLife } from "./read-nodes.ts";
import { readPods } from "./read-pods.ts";
import type { ReadPolicies, ReadPolicy } from "./read-policies.ts";

/** What the API and the nodes say at a moment. */
export interface FleetFacts {
  readonly read: ReadPolicies;
  /** Of policies that were asked about by name, and that the API has not: what stands for them in a record. */
  readonly gone?: ReadonlySet<number>;
  /** Undefined when nodes may not be read: then those that publish are all that are known. */
  readonly nodes: readonly NodeLife[] | undefined;
  readonly records: ReadonlyMap<string, PublishedRecord>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

export interface FleetStatus {
  /** Of the policies that were asked about. */
  readonly policies: readonly PolicyStatus[];
  /** All, by name. */
  readonly nodes: readonly FleetNode[];
  /** Where only some namespaces' policies are known, of those that were asked about only. */
  readonly leftOvers: readonly LeftOver[];
}

/** `asked` are some of the policies that were read; `pods` is what is known of those that they select. */
export function fleetStatus(facts: FleetFacts, asked: readonly ReadPolicy[], pods: KnownPods): FleetStatus {
  const { read, gone, records, nowMs } = facts;
  const nodes = fleetNodes(facts.nodes, records, nowMs);
  const index = new FleetIndex(nodes);
  return {
    policies: asked.map((policy) => policyStatus(policy, index, pods)),
    nodes,
    leftOvers: leftOvers(nodes, read.policies, read.revision).filter(({ id }) => read.all || gone?.has(id)),
  };
}

/** Reads the pods of those nodes and policies for which the records do not decide. */
export async function podsInDoubt(
  client: KubeClient,
  facts: FleetFacts,
  asked: readonly ReadPolicy[],
): Promise<KnownPods> {
  const index = new FleetIndex(fleetNodes(facts.nodes, facts.records, facts.nowMs));
  const doubtful = asked.filter((policy) => index.isUndecided(policy));
  return doubtful.length === 0 ? noPods : readPods(client, doubtful, index.mayNotDecide(doubtful));
}
