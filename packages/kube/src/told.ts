import type { WatchEvent } from "./client.ts";
import { Departed } from "./departed.ts";
import { KnownStates } from "./known-states.ts";
import { isNewer, revisionOf } from "./revision.ts";

/** What an event adds to what has been told. */
export type Step =
  /** The object is new or other. */
  | "upsert"
  /** It is gone. */
  | "delete"
  /** Nothing but that time has passed. */
  | "progress"
  /** A repetition, or one that comes late; or a server that began anew. */
  | "past"
  /** A server that began anew. */
  | "backwards";

/** How far the telling has come, as a whole and for each object. */
export class Told {
  #states = new KnownStates();
  readonly #departed = new Departed();
  #position = "";
  #revision = -1;

  get states(): KnownStates {
    return this.#states;
  }

  /** The newest resourceVersion, as the server wrote it; "" before the first list. */
  get position(): string {
    return this.#position;
  }

  /** Whether this resourceVersion is before the position. */
  isAhead(resourceVersion: string): boolean {
    return isNewer(this.#revision, revisionOf(resourceVersion));
  }

  /** A list is complete: these are the states at its resourceVersion. */
  restart(states: KnownStates, resourceVersion: string): void {
    this.#states = states;
    this.#position = resourceVersion;
    this.#revision = revisionOf(resourceVersion);
    this.#departed.reset(this.#revision);
  }

  take({ type, object: { metadata } }: WatchEvent): Step {
    const { resourceVersion = "" } = metadata;
    const revision = revisionOf(resourceVersion);
    if (type === "BOOKMARK") {
      if (revision >= 0 && isNewer(this.#revision, revision)) return "backwards";
      this.#advance(resourceVersion, revision);
      return "progress";
    }
    const known = this.#states.revision(metadata);
    const past = known ?? this.#departed.past(metadata);
    // The last state of what is gone may carry the number that it had before.
    const isLast = type === "DELETED" && revision === known;
    if (!isNewer(revision, past) && !isLast) return "past";
    this.#advance(resourceVersion, revision);
    if (type !== "DELETED") {
      this.#states.set(metadata);
      this.#departed.delete(metadata);
      return "upsert";
    }
    this.#departed.add(metadata, revision);
    return this.#states.delete(metadata) ? "delete" : "progress";
  }

  #advance(resourceVersion: string, revision: number): void {
    if (!isNewer(revision, this.#revision)) return;
    this.#position = resourceVersion;
    this.#revision = revision;
  }
}
