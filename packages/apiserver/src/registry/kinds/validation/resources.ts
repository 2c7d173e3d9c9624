import { asRecord } from "../../../json.ts";
import { parseQuantity } from "../../../schema/quantity.ts";
import type { FieldError } from "../../resource-def.ts";
import { invalid } from "./field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Amounts that a container requests and is limited to. */
export function resourceErrors(resources: Fields, path: string): readonly FieldError[] {
  const [requests, limits] = [asRecord(resources.requests), asRecord(resources.limits)];
  const errors = [...amountErrors(limits, `${path}.limits`), ...amountErrors(requests, `${path}.requests`)];
  for (const [name, amount] of Object.entries(requests)) {
    const [requested, most] = [parseQuantity(amount), parseQuantity(limits[name])];
    if (requested === undefined || most === undefined || requested <= most) continue;
    const detail = `must be less than or equal to ${name} limit of ${limits[name]}`;
    errors.push(invalid(`${path}.requests`, amount, detail));
  }
  return errors;
}

function amountErrors(amounts: Fields, path: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const value = parseQuantity(amount);
    if (value === undefined) {
      const message =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
      return [{ path: `${path}.${name}`, message, code: "wrong-type" }];
    }
    return value < 0 ? [invalid(`${path}[${name}]`, amount, "must be greater than or equal to 0")] : [];
  });
}
