import type { FleetNode, ListedPolicy } from "./fleet.ts";

/** How a policy stands on a node. */
export interface OnNode {
  readonly node: FleetNode;
  readonly state: StateOnNode;
  /** The version that is in force; absent when none is. */
  readonly resourceVersion?: string;
  /** Since when it is, at the latest, in milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** Pods of the node that it is enforced for, as the agent says. */
  readonly pods?: number;
  readonly reason?: string;
}

export type StateOnNode =
  | "InForce"
  /** It selects no pod there. */
  | "NothingToDo"
  | "Pending"
  | "Failed"
  | "Unreadable"
  /** It selects pods of a node from which no agent publishes. */
  | "NoAgent"
  /** Whether it selects a pod there cannot be told. */
  | "Unknown";

/** `pods` is how many pods of the node the policy selects; undefined when that was not asked or is not known. */
export function judgeOnNode(policy: ListedPolicy, node: FleetNode, pods: number | undefined): OnNode {
  const told = node.selected.get(policy.id);
  if (policy.staged)
    return told === undefined
      ? nothingToDo(node)
      : pending(policy, node, "still enforced, though it is staged now");
  if (told !== undefined && told.resourceVersion >= policy.version) return inForce(policy, node, told.pods);
  const exception = node.exceptions.get(policy.key);
  if (exception !== undefined) {
    const { state, reason } = exception;
    return { ...enforced(policy, node), node, state, reason };
  }
  if (told !== undefined) return pending(policy, node, behind(node));
  const dealtWith = node.record !== undefined && node.revision >= policy.version;
  if (pods === 0 || (dealtWith && isComplete(node))) return nothingToDo(node);
  if (pods === undefined)
    return { node, state: "Unknown", reason: node.agentWords ?? "the pods cannot be read" };
  if (node.record === undefined) return { node, state: "NoAgent", reason: node.agentWords! };
  if (!dealtWith) return pending(policy, node, behind(node));
  if (node.record.moreExceptions > 0)
    return {
      node,
      state: "Unknown",
      reason: `${node.record.moreExceptions} more policies are not in force than the node names`,
    };
  return { ...inForce(policy, node, undefined), ...inVersion(policy, policy.version, node) };
}

/** Whether the pods decide, which then have to be asked for. */
export function needsPods(policy: ListedPolicy, node: FleetNode): boolean {
  return judgeOnNode(policy, node, undefined).state === "Unknown";
}

/** Whether what the record does not name is not there. */
function isComplete({ record }: FleetNode): boolean {
  return record !== undefined && record.moreSelected === 0 && record.moreExceptions === 0;
}

function nothingToDo(node: FleetNode): OnNode {
  return { node, state: "NothingToDo" };
}

function inForce(policy: ListedPolicy, node: FleetNode, pods: number | undefined): OnNode {
  return {
    ...enforced(policy, node),
    node,
    state: "InForce",
    ...(pods === undefined ? {} : { pods }),
    ...(node.agent === "Gone" ? { reason: node.agentWords! } : {}),
  };
}

function pending(policy: ListedPolicy, node: FleetNode, reason: string): OnNode {
  return { ...enforced(policy, node), node, state: "Pending", reason };
}

/** Which version is in force there, whether it is the right one or not. */
function enforced(
  policy: ListedPolicy,
  node: FleetNode,
): Pick<OnNode, "resourceVersion" | "sinceMs" | "pods"> {
  const told = node.selected.get(policy.id);
  if (told === undefined) return {};
  return { ...inVersion(policy, told.resourceVersion, node), pods: told.pods };
}

function inVersion(
  policy: ListedPolicy,
  version: bigint,
  node: FleetNode,
): Pick<OnNode, "resourceVersion" | "sinceMs"> {
  const resourceVersion = version === policy.version ? policy.resourceVersion : String(version);
  const sinceMs = node.since(version);
  return sinceMs === undefined ? { resourceVersion } : { resourceVersion, sinceMs };
}

function behind({ agentWords, record, revision }: FleetNode): string {
  if (agentWords !== undefined) return agentWords;
  return record?.revision === undefined
    ? "nothing is in force there yet"
    : `the node has revision ${revision} of the policies`;
}
