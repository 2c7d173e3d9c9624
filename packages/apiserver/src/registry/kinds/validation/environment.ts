import { asRecord, asString, isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { invalid, required } from "./field-errors.ts";

const nameRule =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";
const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/** What is wrong with a container's environment variables. */
export function environmentErrors(variables: readonly unknown[], path: string): readonly FieldError[] {
  return variables.flatMap((variable, index) => {
    const { name, value, valueFrom } = asRecord(variable);
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    if (asString(name) === "") errors.push(required(`${at}.name`));
    else if (!/^[ -<>-~]+$/.test(asString(name))) errors.push(invalid(`${at}.name`, name, nameRule));
    if (isRecord(valueFrom)) errors.push(...sourceErrors(valueFrom, asString(value), `${at}.valueFrom`));
    return errors;
  });
}

function sourceErrors(
  valueFrom: Readonly<Record<string, unknown>>,
  value: string,
  path: string,
): readonly FieldError[] {
  const given = sources.filter((source) => isRecord(valueFrom[source]));
  if (given.length === 0) {
    const names = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    return [invalid(path, "", `must specify one of: ${names}`)];
  }
  if (given.length > 1) return [invalid(path, "", "may not have more than one field specified at a time")];
  if (value !== "") return [invalid(path, "", "may not be specified when `value` is not empty")];
  const [source] = given as [string];
  const { key, fieldPath, resource } = asRecord(valueFrom[source]);
  if (source === "fieldRef")
    return asString(fieldPath) === "" ? [required(`${path}.${source}.fieldPath`)] : [];
  if (source === "resourceFieldRef") {
    return asString(resource) === "" ? [required(`${path}.${source}.resource`)] : [];
  }
  return asString(key) === "" ? [required(`${path}.${source}.key`)] : [];
}
