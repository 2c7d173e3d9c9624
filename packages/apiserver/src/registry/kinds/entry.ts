import type { checkObjectName } from "@portcullis/engine";
import type { FieldError, ResourceDef } from "../resource-def.ts";
import { createdAtColumn, nameColumn } from "./columns/columns.ts";
import { metadataErrors } from "./validation/metadata.ts";

type Entry = Pick<ResourceDef, "group" | "version" | "kind" | "plural"> & Partial<ResourceDef>;

/**
 * A kind with what most kinds have in common: namespaced, named by a DNS subdomain, no subresources, and the columns of a
 * kind that has none of its own.
 */
export function kindEntry(entry: Entry): ResourceDef {
  const namespaced = entry.namespaced ?? true;
  return {
    singular: entry.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced,
    subresources: [],
    behaviour: "stored",
    countsGeneration: false,
    columns: [nameColumn, createdAtColumn],
    selectableFields: {},
    defaults: (object) => object,
    validate: (value) => metadataErrors(value, { namespaced }),
    ...entry,
  };
}

/** Validation that looks at metadata first and at the rest then. */
export function validated(
  options: { readonly namespaced?: boolean; readonly name?: typeof checkObjectName.subdomain },
  rest: (value: unknown) => readonly FieldError[],
): (value: unknown) => readonly FieldError[] {
  return (value) => [...metadataErrors(value, options), ...rest(value)];
}
