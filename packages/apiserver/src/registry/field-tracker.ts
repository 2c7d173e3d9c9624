import { resetFields } from "../patch/apply/reset-fields.ts";
import { trackUpdate, unlessOnlyTimesChanged } from "../patch/apply/track-update.ts";
import type { SchemaSource } from "../schema/schema.ts";
import type { FieldTracker } from "./registry.ts";
import { apiVersionOf } from "./resource-def.ts";

/** Keeps `metadata.managedFields` by the schemas of the kinds. */
export function fieldTracker(schemas: SchemaSource): FieldTracker {
  return (def, old, next, { manager, subresource, now }) => {
    const schema = schemas.ofKind(def.group, def.version, def.kind);
    const apiVersion = apiVersionOf(def);
    const reset = resetFields(subresource, { hasStatus: def.subresources.includes("status") });
    const request = { manager, subresource, apiVersion, now, resetFields: reset };
    const tracked = trackUpdate({ old, next, schema, schemas, ...request });
    return old === undefined ? tracked : unlessOnlyTimesChanged(old, tracked);
  };
}
