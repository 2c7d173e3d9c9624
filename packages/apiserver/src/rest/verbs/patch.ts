import type { ApiObject } from "../../api-object.ts";
import { invalidOptions, invalidPatch } from "../../registry/refusals.ts";
import type { FieldError } from "../../registry/resource-def.ts";
import type { UpdateOptions } from "../../registry/write-options.ts";
import { StatusError } from "../../status.ts";
import { applyPatch, applyPatchType, readPatch } from "../apply-patch.ts";
import type { Exchange } from "../exchange.ts";
import { answerObject, presenterOf } from "../present.ts";
import { checkFields } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { type FieldValidation, writeOptions } from "../write-options.ts";
import { apply } from "./apply.ts";

/** PATCH of one object, or of its status; the kind of patch is the type of the body. */
export async function patch(
  exchange: Exchange,
  path: ObjectPath,
  subresource?: UpdateOptions["subresource"],
): Promise<void> {
  const { def, name, namespace } = path;
  const write = writeOptions(exchange, "PatchOptions");
  const options = { ...write, ...(subresource === undefined ? {} : { subresource }) };
  const presenter = presenterOf(exchange, def);
  const request = await readPatch(exchange, def);
  if (request.type === applyPatchType) {
    checkRepeated(exchange, write.fieldValidation, request.repeated);
    const { object, created } = apply(exchange, path, request.value, options);
    return answerObject(exchange, presenter, created ? 201 : 200, object);
  }
  if (exchange.query.has("force")) throw forceForbidden();
  const { registry } = exchange.options;
  const patched = applyPatch(exchange, def, registry.get(def, name, namespace), request) as ApiObject;
  const refusal = (problems: readonly FieldError[]) => invalidPatch(request.value, problems);
  const object = checkFields(exchange, def, patched, write.fieldValidation, refusal, request.repeated);
  exchange.warnings.push(...(def.warnings?.(object) ?? []));
  return answerObject(exchange, presenter, 200, registry.update(def, object, name, namespace, options));
}

/** A configuration that says a thing twice; what the fields are is for the apply to say. */
function checkRepeated(
  { warnings }: Exchange,
  validation: FieldValidation,
  repeated: readonly FieldError[],
): void {
  if (repeated.length === 0 || validation === "Ignore") return;
  const messages = repeated.map(({ message }) => message);
  if (validation === "Warn") warnings.push(...messages);
  else throw new StatusError("BadRequest", `error strict decoding YAML: ${messages.join(", ")}`);
}

function forceForbidden(): StatusError {
  const message = "Forbidden: may not be specified for non-apply patch";
  return invalidOptions("PatchOptions", [{ path: "force", message, code: "forbidden" }]);
}
