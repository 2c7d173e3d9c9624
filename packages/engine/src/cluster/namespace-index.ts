import type { Labels } from "../model/labels.ts";
import type { Namespace } from "../model/objects.ts";
import { OrderedMap } from "./ordered-map.ts";
import type { PodEntry } from "./pod-entry.ts";
import { structurallyEqual } from "./structurally-equal.ts";

const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** A namespace as the cluster sees it: present as soon as an object lies in it, even before the Namespace itself. */
export class NamespaceEntry {
  readonly name: string;
  /** With `kubernetes.io/metadata.name`, which every namespace has. */
  namespace: Namespace;
  /** A Namespace object was given; otherwise the entry lives as long as something lies in it. */
  declared = false;
  /** Pods, Services and policies in the namespace. */
  objects = 0;
  readonly pods = new Set<PodEntry>();

  constructor(name: string) {
    this.name = name;
    this.namespace = impliedNamespace(name);
  }

  get labels(): Labels {
    return this.namespace.labels;
  }
}

/** The namespaces of a cluster by name, declared or implied. */
export class NamespaceIndex {
  readonly #entries = new OrderedMap<NamespaceEntry>();

  list(): readonly Namespace[] {
    return this.#entries.values().map((entry) => entry.namespace);
  }

  get(name: string): NamespaceEntry | undefined {
    return this.#entries.get(name);
  }

  /** The entry that a new object in the namespace counts in. */
  enter(name: string): NamespaceEntry {
    const entry = this.#demand(name);
    entry.objects++;
    return entry;
  }

  /** Undoes `enter`. */
  leave(entry: NamespaceEntry): void {
    entry.objects--;
    this.#forgetIfEmpty(entry);
  }

  /** Takes over a Namespace object; returns the entry when anything changed. */
  declare(object: Namespace): NamespaceEntry | undefined {
    const namespace = { ...object, labels: { ...object.labels, [NAMESPACE_NAME_LABEL]: object.name } };
    const entry = this.#demand(object.name);
    if (entry.declared && structurallyEqual(entry.namespace, namespace)) return undefined;
    entry.declared = true;
    entry.namespace = namespace;
    return entry;
  }

  /** Forgets a Namespace object; what still lies in the namespace keeps it alive with its name label only. */
  undeclare(name: string): NamespaceEntry | undefined {
    const entry = this.#entries.get(name);
    if (!entry?.declared) return undefined;
    entry.declared = false;
    entry.namespace = impliedNamespace(name);
    this.#forgetIfEmpty(entry);
    return entry;
  }

  #demand(name: string): NamespaceEntry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = new NamespaceEntry(name);
      this.#entries.set(name, entry);
    }
    return entry;
  }

  #forgetIfEmpty(entry: NamespaceEntry): void {
    if (!entry.declared && entry.objects === 0) this.#entries.delete(entry.name);
  }
}

function impliedNamespace(name: string): Namespace {
  return { kind: "Namespace", name, labels: { [NAMESPACE_NAME_LABEL]: name } };
}
