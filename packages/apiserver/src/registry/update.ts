import type { ApiObject } from "../api-object.ts";
import { asRecord, sameJson } from "../json.ts";
import { replacedMeta, validateFinalizers } from "./object-meta.ts";
import { invalid, orRefuse, refuseIf } from "./refusals.ts";
import type { ResourceDef } from "./resource-def.ts";
import type { UpdateOptions } from "./write-options.ts";

/** What an update with `sent` makes of an object: all of it is replaced, but for what the server keeps, or a part. */
export function planUpdate(
  def: ResourceDef,
  sent: ApiObject,
  old: ApiObject,
  { subresource, applied }: UpdateOptions,
): ApiObject {
  const { name } = old.metadata;
  if (subresource === "finalize") {
    const { finalizers } = asRecord(sent.spec);
    return { ...old, spec: { ...asRecord(old.spec), finalizers: finalizers ?? [] } };
  }
  if (subresource === "status") {
    const { managedFields } = sent.metadata;
    const base = applied ? { ...old, metadata: { ...old.metadata, managedFields } } : old;
    const next = withStatus(base, sent.status);
    refuseIf(def, name, def.validate(next));
    return next;
  }
  refuseIf(def, name, def.validate(sent));
  refuseIf(def, name, validateFinalizers(sent.metadata, old.metadata));
  const kept = def.subresources.includes("status") ? withStatus(sent, old.status) : sent;
  const object = def.defaults({ ...kept, metadata: replacedMeta(sent.metadata, old.metadata) });
  const prepared = orRefuse(def, name, def.prepareUpdate?.(object, old) ?? object);
  const errors = def.validateUpdate?.(prepared, old) ?? [];
  if (errors.length > 0) {
    def.rollback?.(prepared, old);
    throw invalid(def, name, errors);
  }
  if (!def.countsGeneration || sameJson(prepared.spec, old.spec)) return prepared;
  const generation = (old.metadata.generation ?? 0) + 1;
  return { ...prepared, metadata: { ...prepared.metadata, generation } };
}

function withStatus(object: ApiObject, status: unknown): ApiObject {
  const { status: _, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as ApiObject;
}
