import { type FieldError, isStaged } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";

/** What an agent has read of a policy besides its meaning. */
export interface SeenPolicy {
  readonly resourceVersion: string;
  /** Annotated `portcullis.dev/mode: staged`: never enforced. */
  readonly staged: boolean;
  /** Why this version cannot be read; absent when it can. An unreadable policy is not in force, nor is its former version. */
  readonly unreadable?: string;
}

/** Which version of each policy has been read, so that a program can say which versions it holds. */
export class PolicyVersions {
  readonly #now = new Map<string, SeenPolicy>();
  #snapshot: ReadonlyMap<string, SeenPolicy> | undefined;

  /** A policy as the API has it now; `errors` when it cannot be read. */
  set({ metadata }: KubeObject, errors: readonly FieldError[] = []): void {
    const { namespace = "", name, resourceVersion = "" } = metadata;
    const unreadable = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
    this.#now.set(`${namespace}/${name}`, {
      resourceVersion,
      staged: isStaged(metadata),
      ...(unreadable === "" ? {} : { unreadable }),
    });
    this.#snapshot = undefined;
  }

  delete({ metadata }: KubeObject): void {
    if (this.#now.delete(`${metadata.namespace ?? ""}/${metadata.name}`)) this.#snapshot = undefined;
  }

  /** By `namespace/name`, and never changed. The same map until something changes. */
  snapshot(): ReadonlyMap<string, SeenPolicy> {
    this.#snapshot ??= new Map(this.#now);
    return this.#snapshot;
  }
}
