import { stringify } from "yaml";

/**
 * A JSON value as YAML the way `kubectl get -o yaml` lays it out: block style, list items at their key's column, and
 * whatever YAML 1.1 would read as something else quoted.
 */
export function formatYaml(value: unknown): string {
  return stringify(value, { version: "1.1", indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}
