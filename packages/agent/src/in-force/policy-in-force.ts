import type { SeenPolicy } from "./policy-versions.ts";
import { type Effect, sinceOf } from "./revision-log.ts";

/** How a policy stands on one node. */
export type PolicyState =
  /** Enforced for the local pods that it selects. */
  | "InForce"
  /** The kernel has another version, or none, or still has one that was deleted. */
  | "Pending"
  /** It selects no pod of this node. */
  | "NothingToDo"
  /** Annotated `portcullis.dev/mode: staged`: reported on, not enforced. */
  | "Staged"
  /** The agent cannot read it; neither is its former version in force. */
  | "Unreadable"
  /** The kernel refused it; it is tried again. */
  | "Failed";

export interface PolicyInForce {
  /** `namespace/name`. */
  readonly policy: string;
  readonly state: PolicyState;
  /** The version that is in force, or that there is nothing to do for; absent when there is none. */
  readonly resourceVersion?: string;
  /** When that version came into force, at the latest, in milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** Pods of this node that it selects and is enforced for. */
  readonly localPods: number;
  /** Why it is not in force; absent when it is, and when there is nothing to do. */
  readonly reason?: string;
}

/** What is known of the policies at a moment. */
export interface PolicyFacts {
  /** As the API has them. */
  readonly seen: ReadonlyMap<string, SeenPolicy>;
  /** As they were when what is in force was compiled; undefined when that is not known, because it came from the disk. */
  readonly programmed: ReadonlyMap<string, SeenPolicy> | undefined;
  /** Those that what is in force has rules of, and how many local pods each selects. */
  readonly selected: ReadonlyMap<string, number>;
  readonly log: readonly Effect[];
  readonly failure: KernelFailure | undefined;
}

/** The kernel did not take a program. */
export interface KernelFailure {
  readonly error: string;
  /** Those that are held back by it, `namespace/name`; every one that changed when it is empty. */
  readonly policies: ReadonlySet<string>;
  readonly sinceMs: number;
}

/** Every policy that the API has or the kernel enforces, by `namespace/name`. */
export function policiesInForce(facts: PolicyFacts): readonly PolicyInForce[] {
  const { seen, programmed, selected } = facts;
  const keys = new Set([...seen.keys(), ...(programmed?.keys() ?? []), ...selected.keys()]);
  return [...keys].sort().map((policy) => policyInForce(policy, facts));
}

/** One of them, `namespace/name`. */
export function policyInForce(policy: string, facts: PolicyFacts): PolicyInForce {
  const present = facts.seen.get(policy);
  const was = facts.programmed?.get(policy);
  const localPods = facts.selected.get(policy) ?? 0;
  const enforced = was !== undefined && was.unreadable === undefined && !was.staged;
  const sinceMs = was === undefined ? undefined : sinceOf(facts.log, was.resourceVersion);
  const about = {
    policy,
    localPods,
    ...(enforced ? { resourceVersion: was.resourceVersion } : {}),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
  const { failure } = facts;
  if (failure !== undefined && heldBack(policy, failure, present, was))
    return { ...about, state: "Failed", reason: failure.error };
  if (present === undefined)
    return { ...about, state: "Pending", reason: "deleted, and still in force for a moment" };
  if (was?.resourceVersion !== present.resourceVersion)
    return { ...about, state: "Pending", reason: wait(was) };
  if (present.unreadable !== undefined) return { ...about, state: "Unreadable", reason: present.unreadable };
  if (present.staged) return { ...about, state: "Staged", reason: "staged: reported on, not enforced" };
  return { ...about, state: localPods > 0 ? "InForce" : "NothingToDo" };
}

function heldBack(
  policy: string,
  failure: KernelFailure,
  present: SeenPolicy | undefined,
  was: SeenPolicy | undefined,
): boolean {
  if (failure.policies.size > 0) return failure.policies.has(policy);
  return present?.resourceVersion !== was?.resourceVersion;
}

function wait(was: SeenPolicy | undefined): string {
  return was === undefined
    ? "not in force for a moment"
    : `resourceVersion ${was.resourceVersion} is in force for a moment`;
}
