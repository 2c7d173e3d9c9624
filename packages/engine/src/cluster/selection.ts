import { type CompiledSelector, selects } from "../selector/selector.ts";
import { ChangeLog } from "./change-log.ts";
import { isNetworked, type PodEntry } from "./pod-entry.ts";
import type { PolicyEntry } from "./policy-entry.ts";

/** Where a selection looks: one namespace by name, or the namespaces with certain labels. */
export type SelectionScope = { readonly namespace: string } | { readonly namespaces: CompiledSelector };

/** A change for 32 members is remembered: as a power of two. */
const membersForEachChange = 5;

/**
 * The pods that a pod selector finds in a scope, kept up to date. Every peer and every policy's podSelector with the
 * same canonical text share one.
 */
export class Selection {
  /** Canonical: `default/role=db` in one namespace, `{project=x}/*` over namespaces by label. */
  readonly id: string;
  readonly scope: SelectionScope;
  readonly pods: CompiledSelector;
  /** Whether `members` is kept up to date; else pods have to be matched one by one. */
  readonly isKept: boolean;
  readonly members = new Set<PodEntry>();
  /** Policies that isolate these pods (as opposed to naming them as peers). */
  readonly policies = new Set<PolicyEntry>();
  /** How many policies hold it; at zero it is forgotten. */
  users = 0;
  /** Who joined, left or looks different. */
  readonly changes: ChangeLog<PodEntry>;
  /** The tick at which the members, or what one of them looks like, last changed. */
  changedAt: number;

  constructor(id: string, scope: SelectionScope, pods: CompiledSelector, now: number, isKept = true) {
    this.id = id;
    this.scope = scope;
    this.pods = pods;
    this.isKept = isKept;
    this.changedAt = now;
    this.changes = new ChangeLog(now);
  }

  noteChange(entry: PodEntry, now: number): void {
    this.changedAt = now;
    this.changes.note(entry, now, this.members.size >> membersForEachChange);
  }

  /** Would the pod be a member? Read from the labels, so it also answers for pods that the cluster does not hold. */
  matches(entry: PodEntry): boolean {
    return (
      isNetworked(entry.pod) &&
      ("namespace" in this.scope
        ? this.scope.namespace === entry.namespace.name
        : selects(this.scope.namespaces, entry.namespace.labels)) &&
      selects(this.pods, entry.pod.labels)
    );
  }
}

/** Where policies get their selections from. */
export interface Selections {
  acquire(scope: SelectionScope, pods: CompiledSelector): Selection;
  release(selection: Selection): void;
}

/** Selections of policies that are not in force: in no index, without members. */
export const looseSelections: Selections = {
  acquire: (scope, pods) => new Selection(selectionId(scope, pods), scope, pods, 0, false),
  release: () => {},
};

export function selectionId(scope: SelectionScope, pods: CompiledSelector): string {
  // A namespace's name has no braces and no slash, so the two forms cannot meet.
  const where = "namespace" in scope ? scope.namespace : `{${scope.namespaces.text}}`;
  return `${where}/${pods.text}`;
}
