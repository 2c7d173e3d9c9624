import { ApiError, type ReflectVerb, type Resource } from "@portcullis/kube";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";

/** A watch that breaks once and comes back is no state: this many failures in a row are. */
const failuresThatLast = 2;

interface Health {
  synced: boolean;
  /** Failures since the API last answered as it should. */
  failures: number;
  error: unknown;
  verb: ReflectVerb;
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
      watched.map(({ plural }) => [plural, { synced: false, failures: 0, error: undefined, verb: "list" }]),
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

  failed(plural: string, error: unknown, retryInMs: number, verb: ReflectVerb): void {
    const health = this.#kinds.get(plural)!;
    health.failures += 1;
    health.error = error;
    health.verb = verb;
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
    this.#tellForbidden(failing.filter(([, { error }]) => isForbidden(error)));
    this.#tellAway(failing.filter(([, { error }]) => !isForbidden(error)));
  }

  #tellForbidden(kinds: readonly (readonly [string, Health])[]): void {
    const [first] = kinds;
    if (first === undefined) {
      this.#conditions.clear("ApiForbidden");
      return;
    }
    const words = wordsOf(first[1].error);
    if (kinds.some(([, { error }]) => (error as ApiError).code === 401)) {
      const message = `${words}: check that the service account's token is mounted and valid`;
      this.#conditions.set("ApiForbidden", "Unauthorized", message);
      return;
    }
    const refused = kinds.map(([plural, { verb }]) => `${verb} ${plural}`).join(", ");
    const plurals = kinds.map(([plural]) => plural).join(", ");
    const message = `may not ${refused} (${words}): bind a ClusterRole that grants list and watch on ${plurals}`;
    this.#conditions.set("ApiForbidden", "Forbidden", message);
  }

  /** A failure or two are not told; but what was told before, by who asked for the Node's prefixes, is no better for them. */
  #tellAway(kinds: readonly (readonly [string, Health])[]): void {
    if (kinds.length === 0) this.#conditions.clear("ApiUnreachable");
    const lasting = kinds.find(([, { failures }]) => failures >= failuresThatLast);
    if (lasting === undefined) return;
    const { error } = lasting[1];
    const reason = error instanceof ApiError ? "Refused" : "NoAnswer";
    this.#conditions.set("ApiUnreachable", reason, wordsOf(error));
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 401 || error.code === 403);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
