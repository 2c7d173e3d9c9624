import type { ResourceDef } from "../registry/resource-def.ts";
import { parseFieldSelector } from "../selector/field-selector.ts";
import { type Predicate, parseLabelSelector, SelectorError } from "../selector/label-selector.ts";
import { StatusError } from "../status.ts";

/** A flag of a query, in the spellings of Go's ParseBool (Python clients send `True`). Throws BadRequest for others. */
export function booleanParam(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "") return false;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  throw new StatusError("BadRequest", `${name}: Invalid value: ${JSON.stringify(text)}: must be a boolean`);
}

/** A count of a query, undefined when absent or empty. Throws BadRequest for what is no decimal number. */
export function numberParam(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
  if (number !== undefined) return number;
  throw new StatusError(
    "BadRequest",
    `${name}: Invalid value: ${JSON.stringify(text)}: must be a decimal number`,
  );
}

/** The label and field selectors of a query as one predicate, undefined when there are none. Throws BadRequest. */
export function selectorParams(query: URLSearchParams, def: ResourceDef): Predicate | undefined {
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  if (labels === "" && fields === "") return undefined;
  try {
    const byLabels = parseLabelSelector(labels);
    const byFields = parseFieldSelector(fields, def.selectableFields);
    return (object) => byLabels(object) && byFields(object);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new StatusError("BadRequest", error.message);
  }
}
