import { ApiError, type Resource } from "@portcullis/kube";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";

/** A watch that breaks once and comes back is no state: this many failures in a row are. */
const failuresThatLast = 2;

interface Health {
  synced: boolean;
  /** Failures since the API last answered as it should. */
  failures: number;
  error: unknown;
}

/** What the watches' failures and successes mean for the agent: its events, and NotSynced, ApiUnreachable, ApiForbidden. */
export class ObserverHealth {
  readonly #emit: AgentListener;
  readonly #conditions: Conditions;
  readonly #now: () => number;
  readonly #kinds: ReadonlyMap<string, Health>;

  constructor(
    watched: readonly Resource[],
    emit: AgentListener,
    conditions: Conditions,
    now: () => number = Date.now,
  ) {
    this.#emit = emit;
    this.#conditions = conditions;
    this.#now = now;
    this.#kinds = new Map(
      watched.map(({ plural }) => [plural, { synced: false, failures: 0, error: undefined }]),
    );
    this.#tellSync();
  }

  get inSync(): boolean {
    return [...this.#kinds.values()].every(({ synced }) => synced);
  }

  synced(plural: string, objects: number): void {
    this.#kinds.get(plural)!.synced = true;
    this.#emit({ type: "synced", plural, objects, atMs: this.#now() });
    this.recovered(plural);
    this.#tellSync();
  }

  failed(plural: string, error: unknown, retryInMs: number): void {
    const health = this.#kinds.get(plural)!;
    health.failures += 1;
    health.error = error;
    this.#emit({ type: "watch-failed", plural, error: wordsOf(error), retryInMs, atMs: this.#now() });
    this.#tellFailures();
  }

  /** The API answers as it should. */
  recovered(plural: string): void {
    const health = this.#kinds.get(plural)!;
    if (health.failures === 0) return;
    health.failures = 0;
    health.error = undefined;
    this.#emit({ type: "watch-restored", plural, atMs: this.#now() });
    this.#tellFailures();
  }

  #tellSync(): void {
    const missing = [...this.#kinds].flatMap(([plural, { synced }]) => (synced ? [] : [plural]));
    if (missing.length === 0) this.#conditions.clear("NotSynced");
    else this.#conditions.set("NotSynced", "Listing", `not listed yet: ${missing.join(", ")}`);
  }

  #tellFailures(): void {
    const failing = [...this.#kinds].filter(([, { failures }]) => failures > 0);
    const forbidden = failing.filter(([, { error }]) => isForbidden(error));
    if (forbidden.length === 0) this.#conditions.clear("ApiForbidden");
    else {
      const unknown = forbidden.some(([, { error }]) => (error as ApiError).code === 401);
      const mend = unknown
        ? "check the service account's token"
        : `bind a ClusterRole that grants list and watch on ${forbidden.map(([plural]) => plural).join(", ")}`;
      const words = wordsOf(forbidden[0]![1].error);
      this.#conditions.set("ApiForbidden", unknown ? "Unauthorized" : "Forbidden", `${words}: ${mend}`);
    }
    const away = failing.filter(
      ([, { failures, error }]) => failures >= failuresThatLast && !isForbidden(error),
    );
    if (away.length === 0) this.#conditions.clear("ApiUnreachable");
    else {
      const { error } = away[0]![1];
      const reason = error instanceof ApiError ? "Refused" : "NoAnswer";
      this.#conditions.set("ApiUnreachable", reason, wordsOf(error));
    }
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 401 || error.code === 403);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
