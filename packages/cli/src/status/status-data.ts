import type { FleetNode } from "./fleet.ts";
import type { FleetStatus } from "./fleet-status.ts";
import type { OnNode } from "./judge-on-node.ts";
import type { PolicyStatus } from "./policy-status.ts";

/** What `-o json` and `-o yaml` print. Times are RFC 3339. */
export function statusData({ policies, nodes, leftOvers }: FleetStatus): unknown {
  return {
    policies: policies.map(policyData),
    nodes: nodes.map(nodeData),
    leftOvers: leftOvers.map(({ resourceVersion, nodes: having }) => ({
      resourceVersion,
      nodes: having.map(({ name }) => name),
    })),
  };
}

function policyData({ policy, state, nodes, inForce, sinceMs, reason }: PolicyStatus): unknown {
  return {
    namespace: policy.namespace,
    name: policy.name,
    resourceVersion: policy.resourceVersion,
    state,
    inForce,
    needed: nodes.length,
    ...timed(sinceMs),
    ...(reason === undefined ? {} : { reason }),
    nodes: nodes.map(onNodeData),
  };
}

function onNodeData({ node, state, resourceVersion, sinceMs, pods, reason }: OnNode): unknown {
  return {
    node: node.name,
    state,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...timed(sinceMs),
    ...(pods === undefined ? {} : { pods }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function nodeData({ name, agent, record, renewedMs }: FleetNode): unknown {
  const conditions = (record?.conditions ?? []).map(({ type, reason, message, sinceMs }) => ({
    type,
    reason,
    message,
    ...timed(sinceMs),
  }));
  return {
    name,
    agent,
    ...(record?.revision === undefined ? {} : { revision: record.revision }),
    ...(renewedMs === undefined ? {} : { renewed: new Date(renewedMs).toISOString() }),
    conditions,
  };
}

function timed(sinceMs: number | undefined): { readonly since?: string } {
  return sinceMs === undefined ? {} : { since: new Date(sinceMs).toISOString() };
}
