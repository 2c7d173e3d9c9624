import { decode } from "./decode.ts";
import type { FieldError } from "./field-error.ts";
import { identify } from "./kinds.ts";

/**
 * Validates one plain Kubernetes object on creation: strict decoding, then the rules of its kind. NetworkPolicy is
 * validated as by Kubernetes 1.36; Namespace, Node, Pod, Service and workloads as far as names, labels, containers and
 * ports go. Other kinds have no errors. After a value of a wrong type the rules are not asked, as in the API server.
 */
export function validateObject(value: unknown): FieldError[] {
  const identified = identify(value);
  if ("error" in identified) return [identified.error];
  if ("skipped" in identified) return [];
  const { schema, validate } = identified.definition;
  const decoded = decode(schema, value);
  const refused = decoded.errors.some(({ code }) => code === "wrong-type");
  return refused ? [...decoded.errors] : [...decoded.errors, ...validate(decoded.value)];
}
