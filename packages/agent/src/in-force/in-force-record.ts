import type { Program } from "@portcullis/engine";
import type { AgentEvent, Programmed } from "../agent-event.ts";
import type { Conditions } from "../conditions.ts";
import {
  firstExceptions,
  firstSelected,
  nothingProgrammed,
  policyExceptions,
  recordedConditions,
} from "./compose-node-record.ts";
import type { SelectedPolicy } from "./encode-selected.ts";
import { maxSelected, type NodeRecord } from "./node-record.ts";
import { policyId } from "./policy-id.ts";
import {
  type KernelFailure,
  type PolicyFacts,
  type PolicyInForce,
  policiesInForce,
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
    const about = {
      conditions: recordedConditions(this.#options.conditions.active()),
      ...(bootId === undefined ? {} : { bootId }),
    };
    const revision = this.#programmed?.revisions.get("networkpolicies");
    const policies = this.#programmed?.policies;
    if (policies === undefined || revision === undefined)
      return { ...nothingProgrammed(this.#former), ...about };
    return {
      revision,
      log: this.#log,
      ...firstSelected(this.#selectedPolicies(policies)),
      ...firstExceptions(policyExceptions(this.#facts())),
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

  #selectedPolicies(policies: ReadonlyMap<string, SeenPolicy>): readonly SelectedPolicy[] {
    return [...this.#localPods()].map(([key, pods]) => ({
      id: this.#id(key),
      resourceVersion: versionNumber(policies.get(key)?.resourceVersion),
      pods,
    }));
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
