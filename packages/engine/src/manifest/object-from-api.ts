import type { ClusterObject } from "../model/objects.ts";
import type { SourceRange } from "../model/source.ts";
import { decode } from "./decode.ts";
import type { FieldError } from "./field-error.ts";
import { identify } from "./kinds.ts";
import type { RawNetworkPolicy } from "./schema-network-policy.ts";
import { validateNetworkPolicySpec } from "./validate-network-policy.ts";

export interface ObjectFromApi {
  /** Absent when there is an error, and for kinds that say nothing of network policies. */
  readonly object?: ClusterObject;
  readonly errors: readonly FieldError[];
}

/**
 * Converts one plain Kubernetes object that an API server keeps to the engine's model. It trusts the server: fields that
 * are newer than this program are passed over, and what an older server let in (host bits in a prefix, invalid label
 * values in a selector) is understood. Workload kinds become one pod each.
 */
export function objectFromApi(value: unknown, range?: SourceRange): ObjectFromApi {
  const identified = identify(value);
  if ("error" in identified) return { errors: [identified.error] };
  if ("skipped" in identified) return { errors: [] };
  const { definition } = identified;
  const decoded = decode(definition.schema, value);
  let errors = decoded.errors.filter(({ code }) => code !== "unknown-field");
  if (errors.length === 0 && definition.kind === "NetworkPolicy") {
    errors = validateNetworkPolicySpec((decoded.value as RawNetworkPolicy).spec, { stored: true });
  }
  if (errors.length > 0) return { errors };
  const name = (decoded.value as RawNetworkPolicy).metadata?.name ?? "";
  const locate = (path: readonly unknown[]) => (path.length === 0 ? range : undefined);
  return { object: definition.convert(decoded.value, { locate, name }), errors };
}
