import type { Writer } from "@portcullis/nft";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";

/** How many differences are told one by one. */
const differencesTold = 20;
/** So many times within the window is no accident: somebody else writes to the table. */
const repeatedly = 3;
const windowMs = 600_000;

/** Changes of our table by somebody else: told as they are found, and as a condition when they do not end. */
export class DriftHistory {
  readonly #emit: AgentListener;
  readonly #conditions: Conditions;
  readonly #now: () => number;
  /** When it was found, the latest last. */
  #found: number[] = [];
  #isOpen = false;
  #suspect: Writer | undefined;

  constructor(emit: AgentListener, conditions: Conditions, now: () => number) {
    this.#emit = emit;
    this.#conditions = conditions;
    this.#now = now;
  }

  /** Whether what was found is not mended yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Who wrote, should something be found next; undefined when that is not known. */
  suspect(writer: Writer | undefined): void {
    this.#suspect = writer;
  }

  found(differences: readonly string[]): void {
    const atMs = this.#now();
    const more = differences.length - differencesTold;
    const lines = [...differences.slice(0, differencesTold), ...(more > 0 ? [`and ${more} more`] : [])];
    this.#isOpen = true;
    this.#found.push(atMs);
    const by =
      this.#suspect === undefined ? {} : { by: `process ${this.#suspect.pid} (${this.#suspect.name})` };
    this.#emit({ type: "drift", differences: lines, ...by, atMs });
    this.look();
    if (this.#found.length < repeatedly) return;
    const message = `changed ${this.#found.length} times in ten minutes, last: ${lines[0]}; find who else writes to inet portcullis`;
    this.#conditions.set("Drifted", "ChangedRepeatedly", message);
  }

  /** The table is as it was written. */
  mended(): void {
    this.#suspect = undefined;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#emit({ type: "drift-mended", atMs: this.#now() });
  }

  /** Lets what is long ago be forgotten. */
  look(): void {
    const since = this.#now() - windowMs;
    this.#found = this.#found.filter((atMs) => atMs > since);
    if (this.#found.length < repeatedly) this.#conditions.clear("Drifted");
  }
}
