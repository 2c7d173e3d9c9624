import { anchorOf } from "../selector/anchor.ts";
import { LabelIndex } from "../selector/label-index.ts";
import { type CompiledSelector, selects } from "../selector/selector.ts";
import { SelectorIndex } from "../selector/selector-index.ts";
import type { Clock } from "./clock.ts";
import type { NamespaceEntry, NamespaceIndex } from "./namespace-index.ts";
import { isNetworked, type PodEntry } from "./pod-entry.ts";
import { Selection, type SelectionScope, type Selections, selectionId } from "./selection.ts";

/** All selections in use, and their members. A changed pod meets only the selections that its labels may match. */
export class SelectionIndex implements Selections {
  readonly #namespaces: NamespaceIndex;
  readonly #selections = new Map<string, Selection>();
  /** Selections in one namespace, by its name and then by the pod selector's anchor. */
  readonly #inNamespace = new Map<string, { readonly index: SelectorIndex<Selection>; size: number }>();
  /** Selections over namespaces: by the pod selector's anchor when it has one, else by the namespace selector's. */
  readonly #acrossByPod = new SelectorIndex<Selection>();
  readonly #acrossByNamespace = new SelectorIndex<Selection>();
  readonly #podsByLabel = new LabelIndex<PodEntry>();
  readonly #pods = new Set<PodEntry>();
  readonly #clock: Clock;

  constructor(namespaces: NamespaceIndex, clock: Clock) {
    this.#namespaces = namespaces;
    this.#clock = clock;
  }

  /** The shared selection of this text, counted as used once more. */
  acquire(scope: SelectionScope, pods: CompiledSelector): Selection {
    const id = selectionId(scope, pods);
    let selection = this.#selections.get(id);
    if (selection === undefined) {
      selection = new Selection(id, scope, pods, this.#clock.tick());
      this.#fill(selection);
      this.#selections.set(id, selection);
      this.#file(selection);
    }
    selection.users++;
    return selection;
  }

  /** Undoes `acquire`. */
  release(selection: Selection): void {
    if (--selection.users > 0) return;
    for (const entry of selection.members) entry.selections.delete(selection);
    this.#selections.delete(selection.id);
    this.#unfile(selection);
  }

  addPod(entry: PodEntry): void {
    this.#pods.add(entry);
    this.#podsByLabel.add(entry.pod.labels, entry);
    this.refresh(entry);
  }

  /** `old` is the pod before the change that the entry already shows. */
  changePod(entry: PodEntry, old: PodEntry["pod"]): void {
    if (old.labels !== entry.pod.labels) {
      this.#podsByLabel.delete(old.labels, entry);
      this.#podsByLabel.add(entry.pod.labels, entry);
    }
    this.refresh(entry);
    this.touch(entry);
  }

  deletePod(entry: PodEntry): void {
    this.#pods.delete(entry);
    this.#podsByLabel.delete(entry.pod.labels, entry);
    for (const selection of [...entry.selections]) this.#leave(selection, entry);
  }

  /** Tells everyone who derives something from the pod's selections that the pod looks different. */
  touch(entry: PodEntry): void {
    const tick = this.#clock.tick();
    for (const selection of entry.selections) selection.noteChange(entry, tick);
  }

  /** Puts the pod into the selections that match it now, and out of the others. */
  refresh(entry: PodEntry): void {
    for (const selection of [...entry.selections]) {
      if (!selection.matches(entry)) this.#leave(selection, entry);
    }
    if (!isNetworked(entry.pod)) return;
    const join = (selection: Selection) => {
      if (!entry.selections.has(selection) && selection.matches(entry)) this.#join(selection, entry);
    };
    this.#inNamespace.get(entry.namespace.name)?.index.visit(entry.pod.labels, join);
    this.#acrossByPod.visit(entry.pod.labels, join);
    this.#acrossByNamespace.visit(entry.namespace.labels, join);
  }

  #join(selection: Selection, entry: PodEntry): void {
    selection.members.add(entry);
    entry.selections.add(selection);
    if (selection.policies.size > 0) entry.policies = undefined;
    selection.noteChange(entry, this.#clock.tick());
  }

  #leave(selection: Selection, entry: PodEntry): void {
    selection.members.delete(entry);
    entry.selections.delete(selection);
    if (selection.policies.size > 0) entry.policies = undefined;
    selection.noteChange(entry, this.#clock.tick());
  }

  /** The first members: nobody has looked at the selection yet, so there is nothing to note, and no policy of it to forget. */
  #fill(selection: Selection): void {
    const byLabel = this.#podsByLabel.candidates(selection.pods);
    const inScope =
      "namespace" in selection.scope
        ? (this.#namespaces.get(selection.scope.namespace)?.pods ?? new Set<PodEntry>())
        : this.#pods;
    const labelled = byLabel?.reduce((sum, set) => sum + set.size, 0) ?? Number.POSITIVE_INFINITY;
    const isInScope = scopeTest(selection.scope);
    for (const set of byLabel !== undefined && labelled < inScope.size ? byLabel : [inScope]) {
      for (const entry of set) {
        if (
          !isInScope(entry.namespace) ||
          !selects(selection.pods, entry.pod.labels) ||
          !isNetworked(entry.pod)
        )
          continue;
        selection.members.add(entry);
        entry.selections.add(selection);
      }
    }
  }

  #file(selection: Selection): void {
    if ("namespace" in selection.scope) {
      const name = selection.scope.namespace;
      let here = this.#inNamespace.get(name);
      if (here === undefined) {
        here = { index: new SelectorIndex(), size: 0 };
        this.#inNamespace.set(name, here);
      }
      here.index.add(selection.pods, selection);
      here.size++;
    } else if (anchorOf(selection.pods) !== undefined) {
      this.#acrossByPod.add(selection.pods, selection);
    } else {
      this.#acrossByNamespace.add(selection.scope.namespaces, selection);
    }
  }

  #unfile(selection: Selection): void {
    if ("namespace" in selection.scope) {
      const name = selection.scope.namespace;
      const here = this.#inNamespace.get(name)!;
      here.index.delete(selection.pods, selection);
      if (--here.size === 0) this.#inNamespace.delete(name);
    } else if (anchorOf(selection.pods) !== undefined) {
      this.#acrossByPod.delete(selection.pods, selection);
    } else {
      this.#acrossByNamespace.delete(selection.scope.namespaces, selection);
    }
  }
}

/** As `Selection.matches` looks at the namespace; asks about the labels of each namespace once. */
function scopeTest(scope: SelectionScope): (namespace: NamespaceEntry) => boolean {
  if ("namespace" in scope) return ({ name }) => name === scope.namespace;
  const known = new Map<NamespaceEntry, boolean>();
  return (namespace) => {
    let result = known.get(namespace);
    if (result === undefined) {
      result = selects(scope.namespaces, namespace.labels);
      known.set(namespace, result);
    }
    return result;
  };
}
