import type { ApiObject } from "../../../api-object.ts";
import type { Column } from "../../resource-def.ts";
import { since } from "./duration.ts";

type Cell = Column["cell"];
interface More {
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

/** The column that says which object the row is. */
export const nameColumn: Column = nameColumnOf((object) => object.metadata.name);

export function nameColumnOf(cell: Cell, { wide = false }: More = {}): Column {
  return {
    name: "Name",
    type: "string",
    format: "name",
    description: "Unique within a namespace, and within the cluster for kinds without one.",
    priority: wide ? 1 : 0,
    cell,
  };
}

/** How long ago the object was created. */
export const ageColumn: Column = text("Age", "Time since the object was created.", (object, now) =>
  since(object.metadata.creationTimestamp, now),
);

/** When the object was created; the second column of kinds that have no columns of their own. */
export const createdAtColumn: Column = {
  name: "Created At",
  type: "date",
  description: "Time at which the object was created, in UTC.",
  priority: 0,
  cell: (object) => object.metadata.creationTimestamp ?? "",
};

export function text(name: string, description: string, cell: Cell, { wide = false }: More = {}): Column {
  return { name, type: "string", description, priority: wide ? 1 : 0, cell };
}

export function integer(name: string, description: string, cell: (object: ApiObject) => unknown): Column {
  return { name, type: "integer", description, priority: 0, cell: (object) => asNumber(cell(object)) };
}

export function boolean(name: string, description: string, cell: (object: ApiObject) => boolean): Column {
  return { name, type: "boolean", description, priority: 0, cell };
}

export function asNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** The text, or `<none>`. */
export function orNone(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : "<none>";
}
