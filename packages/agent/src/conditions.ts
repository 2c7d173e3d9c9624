import { type AgentListener, type Condition, type ConditionType, conditionTypes } from "./agent-event.ts";

/** What is wrong with an agent now. Setting what is set already, with the same words, is no event. */
export class Conditions {
  readonly #emit: AgentListener;
  readonly #now: () => number;
  readonly #known = new Map<ConditionType, Condition>();

  /** `now` gives milliseconds since the epoch (default Date.now). */
  constructor(emit: AgentListener, now: () => number = Date.now) {
    this.#emit = emit;
    this.#now = now;
  }

  set(type: ConditionType, reason: string, message: string): void {
    const known = this.#known.get(type);
    if (known?.status && known.reason === reason && known.message === message) return;
    const atMs = this.#now();
    this.#become(
      { type, status: true, reason, message, sinceMs: known?.status ? known.sinceMs : atMs },
      atMs,
    );
  }

  clear(type: ConditionType): void {
    const known = this.#known.get(type);
    if (!known?.status) return;
    const atMs = this.#now();
    this.#become({ type, status: false, reason: "Resolved", message: known.message, sinceMs: atMs }, atMs);
  }

  /** Those that are true, in the order of `conditionTypes`. */
  active(): readonly Condition[] {
    const order = Object.keys(conditionTypes) as ConditionType[];
    return order.flatMap((type) => {
      const condition = this.#known.get(type);
      return condition?.status ? [condition] : [];
    });
  }

  get ready(): boolean {
    return this.active().every(({ type }) => !conditionTypes[type].blocksReadiness);
  }

  #become(condition: Condition, atMs: number): void {
    this.#known.set(condition.type, condition);
    this.#emit({ type: "condition", condition, atMs });
  }
}
