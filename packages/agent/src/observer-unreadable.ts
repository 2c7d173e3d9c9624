import type { FieldError } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
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

  add(object: KubeObject, errors: readonly FieldError[]): void {
    if (object.kind !== "NetworkPolicy") return;
    const [error] = errors;
    this.#known.set(keyOf(object), error === undefined ? "" : `${error.path}: ${error.message}`);
    this.#tell();
  }

  delete(object: KubeObject): void {
    if (this.#known.size > 0 && object.kind === "NetworkPolicy" && this.#known.delete(keyOf(object))) {
      this.#tell();
    }
  }

  #tell(): void {
    if (this.#known.size === 0) return this.#conditions.clear("PolicyUnreadable");
    const policies = [...this.#known].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = policies.slice(0, named).map(([key, error]) => `${key} (${error})`);
    const more = policies.length - lines.length;
    const message = `${lines.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
    this.#conditions.set("PolicyUnreadable", "Invalid", message);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
