import type { Comparison } from "./compare-values.ts";
import type { FieldSet } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";

/** What is left to the managers other than `self` after a change, and what it took from them. */
interface OwnersChange {
  readonly managers: Managers;
  readonly taken: readonly (readonly [Manager, FieldSet])[];
}

export function changeOwners(managers: Managers, change: Comparison, self: string | undefined): OwnersChange {
  const left = new Map<string, Manager>();
  const taken: [Manager, FieldSet][] = [];
  const written = change.modified.union(change.added);
  for (const [id, owner] of managers) {
    if (id === self) {
      left.set(id, owner);
      continue;
    }
    const lost = owner.fields.intersection(written);
    if (!lost.isEmpty) taken.push([owner, lost]);
    const fields = owner.fields.difference(lost).difference(change.removed);
    if (!fields.isEmpty) left.set(id, { ...owner, fields });
  }
  return { managers: left, taken };
}

/** Without the fields that the endpoint does not write. */
export function excluding(change: Comparison, reset: FieldSet): Comparison {
  if (reset.isEmpty) return change;
  return {
    removed: change.removed.recursiveDifference(reset),
    modified: change.modified.recursiveDifference(reset),
    added: change.added.recursiveDifference(reset),
  };
}
