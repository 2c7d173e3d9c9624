import type { KubeObject, ObjectMeta, WatchEvent } from "./client.ts";
import { KnownStates, type ObjectName } from "./known-states.ts";
import { isNewer, revisionOf } from "./revision.ts";

/**
 * A whole list while it is read, object by object, against what was told before. Of each object only its state is kept,
 * and of those that are new or other what `slim` makes of them: a large list is never in memory as it was sent.
 */
export class Listing<T> {
  /** Of all that is in the list. */
  readonly states = new KnownStates();
  readonly #told: KnownStates;
  readonly #slim: (object: KubeObject) => T;
  /** `namespace/name` → what is to be told. */
  readonly #changed = new Map<string, T>();

  constructor(told: KnownStates, slim: (object: KubeObject) => T) {
    this.#told = told;
    this.#slim = slim;
  }

  put(object: KubeObject): void {
    const { metadata } = object;
    if (this.#isRepeated(metadata)) return;
    this.states.set(metadata);
    if (this.#told.has(metadata)) this.#changed.delete(keyOf(metadata));
    else this.#changed.set(keyOf(metadata), this.#slim(object));
  }

  /** Of a list that is streamed: things happen while it is sent. */
  take({ type, object }: WatchEvent): void {
    if (type === "DELETED") {
      this.states.delete(object.metadata);
      this.#changed.delete(keyOf(object.metadata));
    } else if (type !== "BOOKMARK") this.put(object);
  }

  /** What is new or other. */
  changed(): readonly T[] {
    return [...this.#changed.values()];
  }

  /** What was told, and is not in the list. */
  *vanished(): Generator<ObjectName> {
    for (const name of this.#told.names()) if (this.states.revision(name) === undefined) yield name;
  }

  #isRepeated(metadata: ObjectMeta): boolean {
    const listed = this.states.revision(metadata);
    return listed !== undefined && !isNewer(revisionOf(metadata.resourceVersion), listed);
  }
}

function keyOf({ namespace = "", name }: ObjectMeta): string {
  return `${namespace}/${name}`;
}
