import { quoteMisread } from "@portcullis/engine";
import { Document } from "yaml";

/**
 * A JSON value as YAML the way `kubectl get -o yaml` lays it out: block style, list items at their key's column, and
 * whatever kubectl would read as something else quoted.
 */
export function formatYaml(value: unknown): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  quoteMisread(document);
  return document.toString({ indentSeq: false, lineWidth: 0, directives: false });
}
