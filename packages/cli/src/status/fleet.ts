import type { NodeRecord, PolicyException, PublishedRecord, SelectedPolicy } from "@portcullis/agent";
import { sinceIn, versionNumber } from "@portcullis/agent";
import { printable } from "@portcullis/engine";
import type { NodeLife } from "./read-nodes.ts";

/** A policy as the API has it, as far as its being in force goes. */
export interface ListedPolicy {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly version: bigint;
  /** What stands for it in a node's record. */
  readonly id: number;
  /** Annotated `portcullis.dev/mode: staged`. */
  readonly staged: boolean;
}

/** What a node says, or that it says nothing. */
export interface FleetNode {
  readonly name: string;
  readonly agent: AgentState;
  /** One sentence on the agent's state; absent when it is ready. */
  readonly agentWords?: string;
  readonly record?: NodeRecord;
  /** Revision of the policies that is in force; 0 when none is. */
  readonly revision: bigint;
  readonly selected: ReadonlyMap<number, SelectedPolicy>;
  readonly exceptions: ReadonlyMap<string, PolicyException>;
  /** Since when an object of this version has been in force, at the latest, in milliseconds since the epoch. */
  readonly since: (version: bigint) => number | undefined;
  /** When the agent wrote last, in milliseconds since the epoch. */
  readonly renewedMs?: number;
}

type AgentState =
  | "Ready"
  /** It says that something is wrong. */
  | "NotReady"
  /** It has not written for four renewals. */
  | "Gone"
  /** The node has been booted since: what its record says is over. */
  | "Booted"
  /** The node has no record. */
  | "None"
  /** The record is of a newer format. */
  | "Unknown";

const none: Pick<FleetNode, "revision" | "selected" | "exceptions" | "since"> = {
  revision: 0n,
  selected: new Map(),
  exceptions: new Map(),
  since: () => undefined,
};

/**
 * The nodes by name, with what is published of them, at a time in milliseconds since the epoch. When nodes could not be read, those that publish are all
 * that are known.
 */
export function fleetNodes(
  nodes: readonly NodeLife[] | undefined,
  records: ReadonlyMap<string, PublishedRecord>,
  nowMs: number,
): readonly FleetNode[] {
  const known = nodes ?? [...records.keys()].map((name): NodeLife => ({ name }));
  return [...known]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((node) => fleetNode(node, records.get(node.name), nowMs));
}

/** The node with what is published of it, at a time in milliseconds since the epoch. */
export function fleetNode(
  { name, bootId }: NodeLife,
  published: PublishedRecord | undefined,
  nowMs: number,
): FleetNode {
  if (published === undefined)
    return {
      ...none,
      name,
      agent: "None",
      agentWords: "no agent of Portcullis has ever published from this node",
    };
  const { record, renewedMs, validMs } = published;
  if (record === undefined)
    return {
      ...none,
      name,
      agent: "Unknown",
      agentWords: "its agent's record cannot be read: is it newer than this portcullis?",
      renewedMs,
    };
  if (bootId !== undefined && record.bootId !== undefined && bootId !== record.bootId)
    return {
      ...none,
      name,
      agent: "Booted",
      agentWords: "the node has been booted since its agent wrote last",
      renewedMs,
    };
  const about = {
    name,
    record,
    renewedMs,
    revision: versionNumber(record.revision),
    selected: new Map(record.selected.map((policy) => [policy.id, policy])),
    exceptions: new Map(
      record.exceptions.map((exception) => [
        exception.policy,
        { ...exception, reason: printable(exception.reason) },
      ]),
    ),
    since: sinceIn(record.log),
  };
  if (nowMs > renewedMs + validMs)
    return {
      ...about,
      agent: "Gone",
      agentWords: "the agent is gone: its rules stay in force, but are not updated",
    };
  const [wrong] = record.conditions.filter(({ blocksReadiness }) => blocksReadiness);
  if (wrong !== undefined)
    return {
      ...about,
      agent: "NotReady",
      agentWords: printable(`the agent is not ready: ${wrong.type}: ${wrong.message}`),
    };
  return { ...about, agent: "Ready" };
}
