import type { ApiObject } from "../api-object.ts";
import { encodeObject } from "../encode-object.ts";
import type { Column, ResourceDef } from "../registry/resource-def.ts";
import { bookmarkObject, encodePartial, type ListMeta, type Shape, withItems } from "./shapes.ts";

/** What a row carries besides its cells (meta/v1 TableOptions). */
export type IncludeObject = "None" | "Metadata" | "Object";

/** meta.k8s.io Table: what `kubectl get` prints. `now` is for ages. */
export function tableShape(
  def: ResourceDef,
  apiVersion: string,
  include: IncludeObject,
  now: () => Date,
): Shape {
  const encodeRow = rowEncoder(include, apiVersion);
  const table = (
    objects: readonly ApiObject[],
    metadata: ListMeta,
    columns: readonly Column[],
    told: boolean,
  ) => {
    const at = now();
    const head = {
      kind: "Table",
      apiVersion,
      metadata,
      columnDefinitions: told ? [] : columns.map(definition),
    };
    return withItems(
      head,
      "rows",
      objects.map((object) => encodeRow(object, columns, at)),
    );
  };
  let toldColumns = false;
  return {
    object: (object) => table([object], revisionOf(object), columnsOf(object, def), false),
    list: (items, meta) => table(items, meta, def.columns, false),
    watched: (object) => {
      const told = toldColumns;
      toldColumns = true;
      return table([object], revisionOf(object), def.columns, told);
    },
    bookmark: (revision, annotations) => {
      const cells = def.columns.map(() => "");
      const bare = bookmarkObject("PartialObjectMetadata", apiVersion, revision, annotations);
      const head = {
        kind: "Table",
        apiVersion,
        metadata: { resourceVersion: String(revision) },
        columnDefinitions: toldColumns ? [] : def.columns.map(definition),
      };
      toldColumns = true;
      return withItems(head, "rows", [`{"cells":${JSON.stringify(cells)},"object":${bare}}`]);
    },
  };
}

/** A subresource can be of another kind (Scale): of that a table shows no more than name and age. */
function columnsOf(object: ApiObject, def: ResourceDef): readonly Column[] {
  if (object.kind === def.kind) return def.columns;
  return def.columns.filter(({ name }) => name === "Name" || name === "Age");
}

function revisionOf({ metadata }: ApiObject): ListMeta {
  return { resourceVersion: metadata.resourceVersion ?? "" };
}

function definition({ name, type, format, description, priority }: Column) {
  return { name, type, format: format ?? "", description, priority };
}

function rowEncoder(include: IncludeObject, apiVersion: string) {
  const encode = (object: ApiObject): string => {
    switch (include) {
      case "None":
        return "null";
      case "Metadata":
        return encodePartial(object, apiVersion);
      case "Object":
        return encodeObject(object);
    }
  };
  return (object: ApiObject, columns: readonly Column[], at: Date): string => {
    const cells = JSON.stringify(columns.map((column) => column.cell(object, at)));
    return `{"cells":${cells},"object":${encode(object)}}`;
  };
}
