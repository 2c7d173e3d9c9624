import { trackUpdate, unlessOnlyTimesChanged } from "../patch/apply/track-update.ts";
import type { SchemaSource } from "../schema/schema.ts";
import type { FieldTracker } from "./registry.ts";
import { apiVersionOf } from "./resource-def.ts";

/** Keeps `metadata.managedFields` by the schemas of the kinds. */
export function fieldTracker(schemas: SchemaSource): FieldTracker {
  return (def, old, next, { manager, subresource, now }) => {
    const schema = schemas.ofKind(def.group, def.version, def.kind);
    const apiVersion = apiVersionOf(def);
    const tracked = trackUpdate({ old, next, schema, schemas, manager, subresource, apiVersion, now });
    return old === undefined ? tracked : unlessOnlyTimesChanged(old, tracked);
  };
}
