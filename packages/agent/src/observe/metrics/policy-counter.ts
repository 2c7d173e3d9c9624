import { Counter, type Registry } from "prom-client";

type PolicyLabels = "policy" | "direction";

/** The label of what is not counted for one policy. */
const OTHER = "other";

export interface PolicyCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly registry: Registry;
  /** Whether there is a policy `namespace/name`. */
  readonly exists: (policy: string) => boolean;
  /** How many policies get a series of their own (default 1,000). */
  readonly most?: number;
}

/**
 * A counter by policy and direction whose series stay few: only policies that exist have one, the first so many of them,
 * and the series of a policy that is deleted goes with it. Everything else is counted as `other`.
 */
export class PolicyCounter {
  readonly #counter: Counter<PolicyLabels>;
  readonly #exists: (policy: string) => boolean;
  readonly #most: number;
  readonly #directions = new Map<string, Set<string>>();

  constructor({ name, help, registry, exists, most = 1_000 }: PolicyCounterOptions) {
    this.#exists = exists;
    this.#most = most;
    const forget = () => this.#forgetDeleted();
    const labelNames: PolicyLabels[] = ["policy", "direction"];
    this.#counter = new Counter({ name, help, labelNames, registers: [registry], collect: forget });
  }

  /** Counts for each of the policies; for `other` when there is none. */
  add(policies: readonly string[], direction: string, by: number): void {
    const known = policies.filter((policy) => this.#exists(policy) && this.#admits(policy, direction));
    for (const policy of known) this.#counter.inc({ policy, direction }, by);
    if (known.length < policies.length || policies.length === 0)
      this.#counter.inc({ policy: OTHER, direction }, by);
  }

  #admits(policy: string, direction: string): boolean {
    const known = this.#directions.get(policy);
    if (known !== undefined) known.add(direction);
    else if (this.#directions.size < this.#most) this.#directions.set(policy, new Set([direction]));
    else return false;
    return true;
  }

  #forgetDeleted(): void {
    for (const [policy, directions] of this.#directions) {
      if (this.#exists(policy)) continue;
      for (const direction of directions) this.#counter.remove({ policy, direction });
      this.#directions.delete(policy);
    }
  }
}
