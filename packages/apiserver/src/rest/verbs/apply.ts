import type { ApiObject } from "../../api-object.ts";
import { asRecord } from "../../json.ts";
import { conflictStatus } from "../../patch/apply/conflicts.ts";
import { resetFields } from "../../patch/apply/reset-fields.ts";
import { serverSideApply } from "../../patch/apply/server-side-apply.ts";
import { invalidOptions, undecodable } from "../../registry/refusals.ts";
import { apiVersionOf, type ResourceDef } from "../../registry/resource-def.ts";
import type { UpdateOptions } from "../../registry/write-options.ts";
import { StatusError } from "../../status.ts";
import { orRefuse } from "../apply-patch.ts";
import type { Exchange } from "../exchange.ts";
import { asObject } from "../parse-text.ts";
import { booleanParam } from "../query.ts";
import { checkFields } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";

/** A server-side apply: makes the object when there is none. Gives what is stored then, and whether it is new. */
export function apply(
  exchange: Exchange,
  { def, name, namespace }: ObjectPath,
  value: unknown,
  options: UpdateOptions,
): { readonly object: ApiObject; readonly created: boolean } {
  const manager = exchange.query.get("fieldManager");
  if (!manager) throw managerRequired();
  const { registry } = exchange.options;
  const configuration = asObject(value) as ApiObject;
  const metadata = asRecord(configuration.metadata) as ApiObject["metadata"];
  const applied = { ...configuration, metadata: { ...metadata, name: metadata.name ?? name } };
  if (applied.metadata.name !== name) {
    const message = `the name of the object (${applied.metadata.name}) does not match the name on the URL (${name})`;
    throw new StatusError("BadRequest", message);
  }
  const live = registry.peek(def, name, namespace);
  if (live === undefined && options.subresource !== undefined) registry.get(def, name, namespace);
  const result = merged(exchange, def, { live, applied, manager, subresource: options.subresource ?? "" });
  // The apply has refused fields that there are not; what is left to see is whether the values fit (int32, quantities).
  const object = checkFields(exchange, def, result, "Ignore", (problems) => undecodable(def, problems));
  if (live === undefined) {
    return { object: registry.create(def, object, namespace, { ...options, applied: true }), created: true };
  }
  return {
    object: registry.update(def, object, name, namespace, { ...options, applied: true }),
    created: false,
  };
}

function merged(
  { options, query }: Exchange,
  def: ResourceDef,
  request: {
    readonly live: ApiObject | undefined;
    readonly applied: ApiObject;
    readonly manager: string;
    readonly subresource: string;
  },
): ApiObject {
  const { schemas, clock } = options;
  const result = orRefuse(() =>
    serverSideApply({
      ...request,
      schema: schemas.ofKind(def.group, def.version, def.kind),
      schemas,
      force: booleanParam(query, "force"),
      apiVersion: apiVersionOf(def),
      now: clock(),
      resetFields: resetFields(request.subresource, { hasStatus: def.subresources.includes("status") }),
    }),
  );
  if ("object" in result) return result.object as ApiObject;
  const { message, details } = conflictStatus(result.conflicts);
  throw new StatusError("Conflict", message, details);
}

function managerRequired(): StatusError {
  const message = "Required value: is required for apply patch";
  return invalidOptions("PatchOptions", [{ path: "fieldManager", message, code: "required" }]);
}
