import type { AgentEvent, Condition, ProgramSize } from "../agent-event.ts";
import type { Conditions } from "../conditions.ts";
import { type ChangedPolicies, PolicyChanges } from "./policy-changes.ts";

/** What is in force, as /v1/status and the event stream tell it. */
export interface InForceState {
  /** RFC 3339: when the kernel's rules last changed. */
  readonly since: string;
  /** RFC 3339: when they were last found to be what they should. */
  readonly confirmed: string;
  readonly fromDisk: boolean;
  /** Newest resourceVersion that is in force, by kind. */
  readonly revisions: Readonly<Record<string, string>>;
  readonly size: ProgramSize;
}

/** Remembers what an agent's events said of its state. */
export class AgentState {
  readonly conditions: Pick<Conditions, "active" | "ready">;
  readonly #changes = new PolicyChanges();
  #inForce: InForceState | undefined;
  #changed: ChangedPolicies | undefined;

  constructor(conditions: Pick<Conditions, "active" | "ready">) {
    this.conditions = conditions;
  }

  take(event: AgentEvent): void {
    if (event.type !== "programmed") return;
    this.#changed = this.#changes.take(event);
    const confirmed = new Date(event.atMs).toISOString();
    this.#inForce = {
      since: event.changed ? confirmed : (this.#inForce?.since ?? confirmed),
      confirmed,
      fromDisk: event.fromDisk,
      revisions: Object.fromEntries(event.revisions),
      size: event.size,
    };
  }

  /** Undefined before the first program. */
  get inForce(): InForceState | undefined {
    return this.#inForce;
  }

  /** The policies that the last program changed; undefined when there are none that matter here. */
  get changed(): ChangedPolicies | undefined {
    return this.#changed;
  }

  /** Whether rules are in force and nothing is wrong that keeps the agent from being ready. */
  get ready(): boolean {
    return this.#inForce !== undefined && this.conditions.ready;
  }
}

/** A condition as JSON tells it. */
export function conditionJson({ sinceMs, ...condition }: Condition): object {
  return { ...condition, since: new Date(sinceMs).toISOString() };
}
