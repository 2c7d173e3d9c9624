import { checkObjectName, validateObjectMeta } from "@portcullis/engine";
import { asRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";

export type NameRule = (name: string) => string[];

/** What is wrong with an object's metadata. Names are DNS subdomains unless another rule is given. */
export function metadataErrors(
  value: unknown,
  { namespaced = true, name = checkObjectName.subdomain }: { namespaced?: boolean; name?: NameRule } = {},
): readonly FieldError[] {
  return validateObjectMeta(asRecord(value).metadata, { namespaced, name });
}
