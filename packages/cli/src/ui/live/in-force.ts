import type { KubeClient } from "@portcullis/kube";
import type { PolicyInForce } from "@portcullis/ui/server-api";
import { fleetStatus, podsInDoubt } from "../../status/fleet-status.ts";
import type { ClusterState, PolicyStatus } from "../../status/policy-status.ts";
import { readNodes, readRecords } from "../../status/read-nodes.ts";
import { readPolicies } from "../../status/read-policies.ts";

const states: Readonly<Record<ClusterState, PolicyInForce["state"]>> = {
  InForce: "in-force",
  NothingToDo: "in-force",
  Staged: "staged",
  Pending: "pending",
  Failed: "failed",
  Unreadable: "failed",
  NoAgent: "unknown",
  Unknown: "unknown",
};

/** What `portcullis status` says of every policy. */
export async function policiesInForce(client: KubeClient): Promise<readonly PolicyInForce[]> {
  const [read, nodes] = await Promise.all([readPolicies(client, undefined), readNodes(client)]);
  const facts = {
    read,
    gone: new Set<number>(),
    nodes,
    records: await readRecords(client, undefined),
    nowMs: Date.now(),
  };
  const pods = await podsInDoubt(client, facts, read.policies);
  return fleetStatus(facts, read.policies, pods).policies.map(policyInForce);
}

function policyInForce({ policy, state, sinceMs, reason }: PolicyStatus): PolicyInForce {
  return {
    policy: policy.key,
    state: states[state],
    resourceVersion: String(policy.version),
    ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}
