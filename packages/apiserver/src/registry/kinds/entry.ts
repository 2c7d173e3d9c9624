import type { ResourceDef } from "../resource-def.ts";
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
