import { asString } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { notSupported } from "./field-errors.ts";

/** Fields that name one of a few things. Absent and empty ones get their default, and are fine. */
export function choiceErrors(
  fields: Readonly<Record<string, unknown>>,
  path: string,
  choices: Readonly<Record<string, readonly string[]>>,
): readonly FieldError[] {
  return Object.entries(choices).flatMap(([field, supported]) => {
    const value = asString(fields[field]);
    if (value === "" || supported.includes(value)) return [];
    return [notSupported(`${path}.${field}`, value, supported)];
  });
}
