import { type FieldError, forbidden, invalid, type Path, required } from "./field-error.ts";
import type { RawLabelSelector, RawRequirement } from "./schema-metadata.ts";
import { validateLabels } from "./validate-metadata.ts";
import { checkLabelKey, checkLabelValue } from "./validate-names.ts";

/** Validates a label selector (k8s.io/apimachinery/pkg/apis/meta/v1/validation, ValidateLabelSelector). */
export function validateSelector(
  selector: RawLabelSelector | undefined,
  path: Path,
  options: { readonly stored?: boolean } = {},
): FieldError[] {
  const expressions = selector?.matchExpressions ?? [];
  return [
    ...validateLabels(selector?.matchLabels, [...path, "matchLabels"]),
    ...expressions.flatMap((one, index) =>
      validateRequirement(one, [...path, "matchExpressions", index], options.stored ?? false),
    ),
  ];
}

function validateRequirement(
  { key = "", operator = "", values = [] }: RawRequirement,
  path: Path,
  stored: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const valuesPath = [...path, "values"];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      errors.push(
        forbidden(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    }
  } else {
    errors.push(invalid([...path, "operator"], operator, "not a valid selector operator"));
  }
  errors.push(...checkLabelKey(key).map((problem) => invalid([...path, "key"], key, problem)));
  // The API server keeps values that were stored before it began to check them.
  for (const [index, value] of stored ? [] : values.entries()) {
    errors.push(...checkLabelValue(value).map((problem) => invalid([...valuesPath, index], value, problem)));
  }
  return errors;
}
