import type { FieldError } from "../../resource-def.ts";

/** What is wrong with a PodSpec, besides what the engine looks at. */
export function podSpecErrors(
  _spec: Readonly<Record<string, unknown>>,
  _path: string,
): readonly FieldError[] {
  return [];
}
