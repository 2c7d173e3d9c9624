import { isRecord } from "../json.ts";
import { applyJsonPatch } from "../patch/json-patch.ts";
import type { JsonRecord } from "../patch/json-value.ts";
import { applyMergePatch } from "../patch/merge-patch.ts";
import { PatchError } from "../patch/patch-error.ts";
import { applyStrategicMergePatch } from "../patch/strategic/strategic-merge-patch.ts";
import type { FieldError } from "../registry/resource-def.ts";
import { StatusError } from "../status.ts";
import type { Exchange } from "./exchange.ts";
import { parseJson, parseYaml } from "./parse-text.ts";
import type { BodyKind } from "./read-object.ts";
import { readBody, unsupportedMediaType } from "./request-body.ts";

const jsonPatchType = "application/json-patch+json";
const mergePatchType = "application/merge-patch+json";
const strategicPatchType = "application/strategic-merge-patch+json";
export const applyPatchType = "application/apply-patch+yaml";

export interface PatchRequest {
  readonly type: string;
  readonly value: unknown;
  /** Keys that occur twice in their object. */
  readonly repeated: readonly FieldError[];
}

/** The body of a PATCH. Throws UnsupportedMediaType for a type that this kind cannot be patched with, BadRequest. */
export async function readPatch(exchange: Exchange, kind: BodyKind): Promise<PatchRequest> {
  const { bytes, type } = await readBody(exchange.request);
  const accepted = acceptedTypes(exchange, kind);
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  const parse = type === applyPatchType ? parseYaml : parseJson;
  const { value, duplicates } = parse(bytes);
  const repeated = duplicates.map((path): FieldError => {
    return { path, message: `duplicate field "${path}"`, code: "duplicate-field" };
  });
  return { type, value, repeated };
}

/** A kind without a schema has no merge keys. */
function acceptedTypes({ options }: Exchange, { group, version, kind }: BodyKind): readonly string[] {
  const builtIn = options.registry.defs.every(
    (def) => def.kind !== kind || def.group !== group || def.schema === undefined,
  );
  const known = options.schemas.ofKind(group, version, kind) !== undefined && builtIn;
  return [jsonPatchType, mergePatchType, ...(known ? [strategicPatchType] : []), applyPatchType];
}

/** The object after the patch, which is still one of its kind. Throws StatusError. */
export function applyPatch(
  { options }: Exchange,
  { group, version, kind }: BodyKind,
  current: JsonRecord,
  { type, value }: PatchRequest,
): JsonRecord {
  const patched = orRefuse(() => {
    if (type === jsonPatchType) return applyJsonPatch(current, value);
    if (type === mergePatchType) return applyMergePatch(current, value);
    if (type !== strategicPatchType) throw unsupportedMediaType([jsonPatchType, mergePatchType]);
    const schema = options.schemas.ofKind(group, version, kind) ?? {};
    return applyStrategicMergePatch(current, value, schema, options.schemas);
  });
  if (!isRecord(patched)) throw new StatusError("BadRequest", "the patch leaves no JSON object");
  for (const field of ["apiVersion", "kind"]) {
    if (patched[field] === current[field]) continue;
    const message = `the ${field} in the data (${String(patched[field])}) does not match the expected ${field} (${String(current[field])})`;
    throw new StatusError("BadRequest", message);
  }
  return patched;
}

/** What a patch function gives; its refusal as a Status. */
export function orRefuse<T>(apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof PatchError) throw new StatusError(error.reason, error.message);
    throw error;
  }
}
