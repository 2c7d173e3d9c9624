import type { FieldError } from "@portcullis/engine";
import type { Conditions } from "./conditions.ts";

/** How many policies a condition names. */
const named = 10;

/** The policies that cannot be read now, as the condition PolicyUnreadable. */
export class UnreadablePolicies {
  readonly #conditions: Conditions;
  /** `namespace/name` → the first thing that is wrong. */
  readonly #known = new Map<string, string>();

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  /** `policy` is `namespace/name`. */
  add(policy: string, errors: readonly FieldError[]): void {
    const [error] = errors;
    this.#known.set(policy, error === undefined ? "" : `${error.path}: ${error.message}`);
    this.#tell();
  }

  delete(policy: string): void {
    if (this.#known.delete(policy)) this.#tell();
  }

  #tell(): void {
    if (this.#known.size === 0) {
      this.#conditions.clear("PolicyUnreadable");
      return;
    }
    const policies = [...this.#known].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = policies.slice(0, named).map(([key, error]) => `${key} (${error})`);
    const more = policies.length - lines.length;
    const message = `${lines.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
    this.#conditions.set("PolicyUnreadable", "Invalid", message);
  }
}
