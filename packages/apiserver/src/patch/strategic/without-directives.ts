import { isRecord } from "../../json.ts";
import { mapRecord } from "../json-value.ts";
import { isDirective, patchKey } from "./directives.ts";

/** What a patch means where there is nothing yet to patch: its values, without directives and without nulls. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !(isRecord(item) && isItemDirective(item[patchKey])))
      .map(withoutDirectives);
  }
  if (!isRecord(value)) return value;
  if (value[patchKey] === "delete") return {};
  return mapRecord(value, (member, key) =>
    member === null || isDirective(key) ? undefined : withoutDirectives(member),
  );
}

function isItemDirective(directive: unknown): boolean {
  return directive === "delete" || directive === "replace";
}
