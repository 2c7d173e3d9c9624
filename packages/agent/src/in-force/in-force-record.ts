import type { Program } from "@portcullis/engine";
import { type AgentEvent, type ConditionType, conditionTypes, type Programmed } from "../agent-event.ts";
import type { Conditions } from "../conditions.ts";
import type { SelectedPolicy } from "./encode-selected.ts";
import {
  maxExceptions,
  maxSelected,
  maxWords,
  type NodeRecord,
  type PolicyException,
  type RecordedCondition,
} from "./node-record.ts";
import { policyId } from "./policy-id.ts";
import {
  type KernelFailure,
  type PolicyFacts,
  type PolicyInForce,
  policiesInForce,
  policyInForce,
} from "./policy-in-force.ts";
import type { SeenPolicy } from "./policy-versions.ts";
import { versionNumber } from "./resource-version.ts";
import { continued, type Effect, withEffect } from "./revision-log.ts";
import { selectedPolicies } from "./selected-policies.ts";

export interface InForceRecordOptions {
  /** The policies as the API has them now (`Agent.policies`), so that one that is not in force yet is known. */
  readonly seen: () => ReadonlyMap<string, SeenPolicy>;
  /** The agent's own; their events are listened to as all others. */
  readonly conditions: Conditions;
  /**
   * Of this life of the kernel, /proc/sys/kernel/random/boot_id (random(4)): what an agent before this one published is
   * taken over within the same life only. Without it, nothing is.
   */
  readonly bootId?: string;
}

/** Conditions that keep the record itself from arriving; by the time it does, they are over. */
const untold: readonly ConditionType[] = ["ApiUnreachable", "StatusNotPublished"];

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * Which policies are in force on this node, in which version and since when, or why not. Listens to the agent's events;
 * taking one in costs the same whatever the cluster's size, and the answers are computed when somebody asks.
 */
export class InForceRecord {
  readonly #options: InForceRecordOptions;
  readonly #listeners = new Set<() => void>();
  readonly #ids = new Map<string, number>();
  #programmed: Programmed | undefined;
  #failure: KernelFailure | undefined;
  #log: readonly Effect[] = [];
  /** Whether the first program of this agent found the kernel as it had to be. */
  #foundInForce = false;
  #former: NodeRecord | undefined;
  #selected: { readonly program: Program | undefined; readonly pods: ReadonlyMap<string, number> } = {
    program: undefined,
    pods: nothing,
  };

  constructor(options: InForceRecordOptions) {
    this.#options = options;
  }

  /** For the agent's `emit`. */
  take(event: AgentEvent): void {
    switch (event.type) {
      case "programmed":
        this.#takeProgram(event);
        break;
      case "not-in-force": {
        const { error, policies, atMs } = event;
        this.#failure = { error, policies: new Set(policies), sinceMs: this.#failure?.sinceMs ?? atMs };
        break;
      }
      case "condition":
        break;
      default:
        return;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` when an answer may have become another; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every policy that the API has or the kernel enforces, by `namespace/name`. */
  policies(): readonly PolicyInForce[] {
    return policiesInForce(this.#facts());
  }

  /**
   * What the agent before this one published. It holds until this one has programmed; and when that found the kernel as it
   * had to be, what was in force stays so since then.
   */
  adopt(former: NodeRecord): void {
    const { bootId } = this.#options;
    if (bootId === undefined || former.bootId !== bootId) return;
    if (this.#programmed?.policies === undefined) this.#former = former;
    else if (this.#foundInForce) this.#log = continued(former.log, this.#log);
  }

  /** What is published. */
  node(): NodeRecord {
    const { bootId } = this.#options;
    const about = { conditions: this.#recordedConditions(), ...(bootId === undefined ? {} : { bootId }) };
    const revision = this.#programmed?.revisions.get("networkpolicies");
    if (this.#programmed?.policies === undefined || revision === undefined) {
      const {
        log = [],
        selected = [],
        moreSelected = 0,
        exceptions = [],
        moreExceptions = 0,
      } = this.#former ?? {};
      const former = this.#former?.revision === undefined ? {} : { revision: this.#former.revision };
      return { ...former, log, selected, moreSelected, exceptions, moreExceptions, ...about };
    }
    const selected = this.#selectedPolicies(this.#programmed.policies);
    const exceptions = this.#exceptions();
    return {
      revision,
      log: this.#log,
      selected: selected.slice(0, maxSelected),
      moreSelected: Math.max(0, selected.length - maxSelected),
      exceptions: exceptions
        .slice(0, maxExceptions)
        .map((exception) => ({ ...exception, reason: shortened(exception.reason) })),
      moreExceptions: Math.max(0, exceptions.length - maxExceptions),
      ...about,
    };
  }

  #takeProgram(programmed: Programmed): void {
    const first = this.#programmed?.policies === undefined;
    const { policies, revisions, atMs } = programmed;
    this.#failure = undefined;
    if (policies !== undefined) {
      const effect = { revision: revisions.get("networkpolicies") ?? "", sinceMs: atMs };
      if (first) {
        this.#foundInForce = !programmed.changed;
        this.#log = this.#foundInForce ? (this.#former?.log ?? []) : [];
      }
      if (first || policies !== this.#programmed?.policies) this.#log = withEffect(this.#log, effect);
      this.#former = undefined;
    }
    this.#programmed = programmed;
  }

  #localPods(): ReadonlyMap<string, number> {
    const program = this.#programmed?.program;
    if (program === undefined) return nothing;
    if (this.#selected.program !== program) this.#selected = { program, pods: selectedPolicies(program) };
    return this.#selected.pods;
  }

  /** Newest first: if not all can be told, those that changed long ago are known to be in force by the revision. */
  #selectedPolicies(policies: ReadonlyMap<string, SeenPolicy>): readonly SelectedPolicy[] {
    return [...this.#localPods()]
      .map(([key, pods]) => ({
        id: this.#id(key),
        resourceVersion: versionNumber(policies.get(key)?.resourceVersion),
        pods,
      }))
      .sort((a, b) => Number(b.resourceVersion - a.resourceVersion) || a.id - b.id);
  }

  #facts(): PolicyFacts {
    return {
      seen: this.#options.seen(),
      programmed: this.#programmed?.policies,
      selected: this.#localPods(),
      log: this.#log,
      failure: this.#failure,
    };
  }

  /** By name. */
  #exceptions(): readonly PolicyException[] {
    const facts = this.#facts();
    const exceptions: PolicyException[] = [];
    for (const [policy, { resourceVersion, unreadable }] of facts.seen) {
      if (unreadable === undefined && facts.failure === undefined) continue;
      const { state, reason = "", sinceMs = 0 } = policyInForce(policy, facts);
      if (state === "Failed")
        exceptions.push({ policy, state, resourceVersion, reason, sinceMs: facts.failure!.sinceMs });
      if (state === "Unreadable") exceptions.push({ policy, state, resourceVersion, reason, sinceMs });
    }
    return exceptions.sort((a, b) => (a.policy < b.policy ? -1 : 1));
  }

  #recordedConditions(): readonly RecordedCondition[] {
    return this.#options.conditions
      .active()
      .filter(({ type }) => !untold.includes(type))
      .map(({ type, reason, message, sinceMs }) => ({
        type,
        reason: shortened(reason),
        message: shortened(message),
        sinceMs,
        blocksReadiness: conditionTypes[type].blocksReadiness,
      }));
  }

  #id(key: string): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      // Policies come and go for as long as an agent runs.
      if (this.#ids.size >= 4 * maxSelected) this.#ids.clear();
      id = policyId(key);
      this.#ids.set(key, id);
    }
    return id;
  }
}

function shortened(words: string): string {
  if (words.length <= maxWords) return words;
  // Whole characters, of which none has more than two units.
  const characters = [...words.slice(0, 2 * maxWords)];
  return characters.length < maxWords ? words : `${characters.slice(0, maxWords - 1).join("")}…`;
}
