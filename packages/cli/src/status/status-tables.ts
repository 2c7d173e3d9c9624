import type { Table } from "@portcullis/engine";
import { formatAge } from "../text/age.ts";
import type { PolicyStatus } from "./policy-status.ts";

const nothing = "-";

/** NODES is how many have it in force, of those that need it. `wide` adds the number of pods. */
export function policyTable(policies: readonly PolicyStatus[], nowMs: number, wide: boolean): Table {
  return {
    headers: [
      "Namespace",
      "Name",
      "Nodes",
      "Revision",
      "Since",
      "State",
      ...(wide ? ["Pods"] : []),
      "Reason",
    ],
    rows: policies.map((status) => [
      status.policy.namespace,
      status.policy.name,
      status.state === "Staged" ? nothing : `${status.inForce}/${status.nodes.length}`,
      status.policy.resourceVersion,
      ageSince(status.sinceMs, nowMs),
      status.state,
      ...(wide ? [String(podsOf(status))] : []),
      status.reason ?? "",
    ]),
  };
}

/** The nodes on which the policy has something to do, or may have. */
export function nodeTable({ nodes }: PolicyStatus, nowMs: number): Table {
  return {
    headers: ["Node", "Agent", "State", "Revision", "Since", "Pods", "Reason"],
    rows: nodes.map(({ node, state, resourceVersion = nothing, sinceMs, pods, reason = "" }) => [
      node.name,
      node.agent,
      state,
      resourceVersion,
      ageSince(sinceMs, nowMs),
      pods === undefined ? nothing : String(pods),
      reason,
    ]),
  };
}

/** For programs: figures apart, times in full. */
export function policyRecords(policies: readonly PolicyStatus[]): Table {
  return {
    headers: ["Namespace", "Name", "In force", "Needed", "Revision", "Since", "State", "Reason"],
    rows: policies.map(({ policy, inForce, nodes, sinceMs, state, reason = "" }) => [
      policy.namespace,
      policy.name,
      String(inForce),
      String(nodes.length),
      policy.resourceVersion,
      timeText(sinceMs),
      state,
      reason,
    ]),
  };
}

export function nodeRecords({ nodes }: PolicyStatus): Table {
  return {
    headers: ["Node", "Agent", "State", "Revision", "Since", "Pods", "Reason"],
    rows: nodes.map(({ node, state, resourceVersion = "", sinceMs, pods, reason = "" }) => [
      node.name,
      node.agent,
      state,
      resourceVersion,
      timeText(sinceMs),
      pods === undefined ? "" : String(pods),
      reason,
    ]),
  };
}

/** What a table of nodes is about. */
export function sentence({ policy, state, inForce, nodes, reason }: PolicyStatus): string {
  const name = `${policy.key}, resourceVersion ${policy.resourceVersion}`;
  if (nodes.length === 0) return `${name}: ${state}, ${reason}`;
  return `${name}: ${state}, in force on ${inForce} of ${nodes.length} node${nodes.length === 1 ? "" : "s"}`;
}

function podsOf({ nodes }: PolicyStatus): number {
  return nodes.reduce((sum, { pods = 0 }) => sum + pods, 0);
}

function ageSince(sinceMs: number | undefined, nowMs: number): string {
  return sinceMs === undefined ? nothing : formatAge(timeText(sinceMs), nowMs);
}

function timeText(sinceMs: number | undefined): string {
  return sinceMs === undefined ? "" : new Date(sinceMs).toISOString();
}
