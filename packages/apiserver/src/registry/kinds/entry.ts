import type { ResourceDef, View } from "../resource-def.ts";
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

/** A kind that shows the objects of another one in a form of its own. */
export function viewEntry(
  names: Pick<ResourceDef, "group" | "version"> & Partial<ResourceDef>,
  view: View,
): ResourceDef {
  const { of, toStored } = view;
  const { kind, plural, singular, shortNames, categories, namespaced, subresources, behaviour } = of;
  const { warnings } = of;
  return {
    ...kindEntry({ kind, plural, ...names }),
    ...{ singular, shortNames, categories, namespaced, subresources, behaviour },
    columns: of.columns.map((column) => ({
      ...column,
      cell: (object, now) => column.cell(toStored(object), now),
    })),
    selectableFields: Object.fromEntries(
      Object.entries(of.selectableFields).map(([field, read]) => [field, (object) => read(toStored(object))]),
    ),
    ...(warnings === undefined ? {} : { warnings: (object) => warnings(toStored(object)) }),
    ...names,
    view,
  };
}
