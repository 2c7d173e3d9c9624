import type { ListedPolicy } from "./fleet.ts";
import type { FleetIndex, KnownPods } from "./fleet-index.ts";
import type { OnNode, StateOnNode } from "./judge-on-node.ts";

/** How a policy stands in the cluster. */
export interface PolicyStatus {
  readonly policy: ListedPolicy;
  readonly state: ClusterState;
  /** Nodes that have pods which it selects, and those of which that is not known, by name. */
  readonly nodes: readonly OnNode[];
  /** How many of them have it in force in the present version. */
  readonly inForce: number;
  /** When the last of them had, at the latest; absent while one lacks it. */
  readonly sinceMs?: number;
  /** Why it is not in force, or what else there is to know. */
  readonly reason?: string;
}

export type ClusterState = StateOnNode | "Staged";

/** What is worst is told. */
const worstFirst: readonly StateOnNode[] = [
  "Failed",
  "Unreadable",
  "NoAgent",
  "Pending",
  "Unknown",
  "InForce",
];

export function policyStatus(policy: ListedPolicy, index: FleetIndex, pods: KnownPods): PolicyStatus {
  const nodes = index.judge(policy, pods);
  const states = new Set(nodes.map(({ state }) => state));
  const worst = worstFirst.find((state) => states.has(state));
  const inForce = nodes.filter(({ state }) => state === "InForce");
  const about = { policy, nodes, inForce: inForce.length };
  if (worst === undefined)
    return policy.staged
      ? { ...about, state: "Staged", reason: "reported on, not enforced" }
      : { ...about, state: "NothingToDo", reason: "selects no pod that runs" };
  const reason = reasonOf(nodes, worst);
  const since = inForce.map(({ sinceMs }) => sinceMs).filter((time) => time !== undefined);
  return {
    ...about,
    state: worst,
    ...(reason === undefined ? {} : { reason }),
    ...(worst === "InForce" && since.length > 0 ? { sinceMs: Math.max(...since) } : {}),
  };
}

/** Whether the present version is in force wherever it has to be. */
export function isSettled({ state }: PolicyStatus): boolean {
  return state === "InForce" || state === "NothingToDo" || state === "Staged";
}

/** Nodes that are told by name. */
const named = 3;

function reasonOf(nodes: readonly OnNode[], worst: StateOnNode): string | undefined {
  const concerned = nodes.filter(({ state, reason }) => state === worst && reason !== undefined);
  const [first] = concerned;
  if (first === undefined) return undefined;
  const alike = concerned.filter(({ reason }) => reason === first.reason).map(({ node }) => node.name);
  const others = concerned.length - alike.length;
  const more = others === 0 ? "" : `; ${others} more`;
  return `${namesOf(alike)}: ${first.reason}${more}`;
}

/** `a, b, c and 4 more`. */
export function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, named).join(", ");
  return names.length > named ? `${shown} and ${names.length - named} more` : shown;
}
