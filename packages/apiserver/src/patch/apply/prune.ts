import { FieldSet } from "./field-set.ts";
import { fieldsOf, withNamedFields } from "./fields-of.ts";
import type { Managers } from "./managers.ts";
import { removeFields } from "./remove-fields.ts";
import type { TypedField } from "./typed-field.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Takes away what the manager owned before (`previous`) and owns no more, unless another manager owns it, in three steps
 * (structured-merge-diff, prune): everything it owned goes; what is owned now comes back; and so does what nobody owned.
 */
export function prune(
  merged: JsonObject,
  previous: FieldSet | undefined,
  managers: Managers,
  field: TypedField,
): JsonObject {
  if (previous === undefined || previous.isEmpty) return merged;
  const without = (gone: FieldSet) => (removeFields(merged, gone, field) ?? {}) as JsonObject;
  const fieldsIn = (object: JsonObject) => withNamedFields(fieldsOf(object, field), field);
  const last = withNamedFields(previous, field);
  const all = fieldsIn(merged);
  let owned = FieldSet.empty;
  for (const { fields } of managers.values()) owned = owned.union(fields);
  const kept = fieldsIn(without(last)).union(withNamedFields(owned, field));
  const back = without(all.difference(kept));
  return without(all.difference(fieldsIn(back)).intersection(last));
}
