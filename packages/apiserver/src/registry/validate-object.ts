import { asRecord, isRecord } from "../json.ts";
import type { FieldError } from "./resource-def.ts";

/** The problems of an object as a client sent it. */
export function validateObject(value: unknown): readonly FieldError[] {
  const { name } = asRecord(asRecord(value).metadata);
  const errors: FieldError[] = [];
  if (typeof name !== "string" || name === "") {
    errors.push({
      path: "metadata.name",
      message: "Required value: name or generateName is required",
      code: "required",
    });
  }
  const { spec } = asRecord(value);
  if (spec !== undefined && !isRecord(spec))
    errors.push({ path: "spec", message: "must be an object", code: "wrong-type" });
  return errors;
}
