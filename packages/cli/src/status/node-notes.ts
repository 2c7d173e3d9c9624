import { formatAge } from "../text/age.ts";
import type { FleetNode } from "./fleet.ts";
import type { FleetStatus } from "./fleet-status.ts";
import { namesOf } from "./policy-status.ts";

/** What to know beside the table, a sentence each: agents that are missing, gone or not ready, and what is left over. */
export function nodeNotes({ nodes, leftOvers }: FleetStatus, nowMs: number): readonly string[] {
  const by = (agent: FleetNode["agent"]) => nodes.filter((node) => node.agent === agent);
  const notes: string[] = [];
  const missing = by("None");
  if (missing.length > 0)
    notes.push(`no agent publishes from ${count(missing)}: nothing that is said here is about pods there`);
  const gone = by("Gone");
  if (gone.length > 0)
    notes.push(
      `the agent is gone from ${count(gone)}, heard last ${lastHeard(gone, nowMs)} ago: its rules stay in force, but are not updated`,
    );
  const booted = by("Booted");
  if (booted.length > 0)
    notes.push(`${count(booted)} booted since the agent wrote last: what is in force there is not known`);
  for (const node of by("NotReady").slice(0, 5)) notes.push(`${node.name}: ${node.agentWords}`);
  const unready = by("NotReady").length - 5;
  if (unready > 0) notes.push(`${unready} more agents are not ready`);
  const unknown = by("Unknown");
  if (unknown.length > 0)
    notes.push(`what ${count(unknown)} publishes cannot be read: is the agent newer than this portcullis?`);
  for (const { resourceVersion, nodes: having } of leftOvers.slice(0, 5))
    notes.push(
      `a policy that was deleted is still in force, in version ${resourceVersion}, on ${count(having)}`,
    );
  if (leftOvers.length > 5) notes.push(`so are ${leftOvers.length - 5} more deleted policies`);
  return notes;
}

function count(nodes: readonly FleetNode[]): string {
  return `${nodes.length} node${nodes.length === 1 ? "" : "s"} (${namesOf(nodes.map(({ name }) => name))})`;
}

function lastHeard(nodes: readonly FleetNode[], nowMs: number): string {
  const last = Math.min(...nodes.map(({ renewedMs = nowMs }) => renewedMs));
  return formatAge(new Date(last).toISOString(), nowMs);
}
