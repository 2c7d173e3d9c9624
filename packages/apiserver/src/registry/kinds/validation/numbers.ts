import type { FieldError } from "../../resource-def.ts";
import { invalid } from "./field-errors.ts";

/** Fields that are counts or spans: not below `least`. */
export function countErrors(
  fields: Readonly<Record<string, unknown>>,
  path: string,
  names: readonly string[],
  least = 0,
): readonly FieldError[] {
  return names.flatMap((name) => {
    const value = fields[name];
    if (typeof value !== "number" || value >= least) return [];
    const bound = least === 0 ? "greater than or equal to 0" : `greater than ${least - 1}`;
    return [invalid(`${path}.${name}`, value, `must be ${bound}`)];
  });
}
