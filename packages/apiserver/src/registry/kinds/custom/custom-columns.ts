import { asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, nameColumn } from "../columns/columns.ts";
import { since } from "../columns/duration.ts";
import { readPath } from "./json-path.ts";

const types = ["string", "integer", "number", "boolean", "date"] as const;

/** `additionalPrinterColumns` after the name; the age when there are none. */
export function customColumns(definitions: readonly unknown[]): readonly Column[] {
  if (definitions.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...definitions.map((definition) => customColumn(asRecord(definition)))];
}

function customColumn({
  name,
  type,
  description,
  priority,
  jsonPath,
}: Readonly<Record<string, unknown>>): Column {
  const path = asString(jsonPath);
  const known = types.find((each) => each === type) ?? "string";
  return {
    name: asString(name),
    type: known,
    description: asString(description) || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: priority === undefined || priority === 0 ? 0 : 1,
    cell: (object, now) => cellOf(readPath(object, path), known, now),
  };
}

/** A date is shown as the time since then; several values with commas. */
function cellOf(found: readonly unknown[], type: Column["type"], now: Date): string | number | boolean {
  if (found.length === 0) return "";
  if (type === "date") return since(found[0], now);
  if (found.length === 1 && type !== "string") {
    const [value] = found;
    return typeof value === "number" || typeof value === "boolean" ? value : "";
  }
  return found.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(",");
}
