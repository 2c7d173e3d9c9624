import type { ApiObject } from "../api-object.ts";
import { StatusError } from "../status.ts";
import { type FieldError, type Prepared, type ResourceDef, resourceName } from "./resource-def.ts";

// The API server's own sentences (apimachinery, pkg/api/errors), because clients and people look for them.

export function notFound(def: ResourceDef, name: string): StatusError {
  return new StatusError("NotFound", `${resourceName(def)} "${name}" not found`, target(def, name));
}

export function alreadyExists(def: ResourceDef, name: string): StatusError {
  return new StatusError("AlreadyExists", `${resourceName(def)} "${name}" already exists`, target(def, name));
}

export function conflict(def: ResourceDef, name: string, why = modified, subresource?: string): StatusError {
  const resource = `${resourceName(def)}${subresource === undefined ? "" : `/${subresource}`}`;
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${why}`;
  return new StatusError("Conflict", message, target(def, name));
}

export function forbidden(def: ResourceDef, name: string, why: string): StatusError {
  return new StatusError(
    "Forbidden",
    `${resourceName(def)} "${name}" is forbidden: ${why}`,
    target(def, name),
  );
}

/** Nothing new is made in a namespace that goes; controllers look for the cause. */
export function namespaceTerminating(def: ResourceDef, name: string, namespace: string): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  const message = `${resourceName(def)} "${name}" is forbidden: ${why}`;
  return new StatusError("Forbidden", message, { ...target(def, name), causes: [cause] });
}

export function expired(asked: number, oldest: number): StatusError {
  return new StatusError("Expired", `too old resource version: ${asked} (${oldest})`);
}

const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

function target(def: ResourceDef, name: string) {
  return { name, ...(def.group === "" ? {} : { group: def.group }), kind: def.plural };
}

const causeReasons: Readonly<Record<string, string>> = {
  required: "FieldValueRequired",
  invalid: "FieldValueInvalid",
  "not-supported": "FieldValueNotSupported",
  forbidden: "FieldValueForbidden",
  "too-long": "FieldValueTooLong",
  "too-many": "FieldValueTooMany",
  "duplicate-value": "FieldValueDuplicate",
  "not-found": "FieldValueNotFound",
};

/** Problems of decoding come before validation and are a BadRequest; the codes are the engine's. */
const decodingCodes = new Set([
  "syntax",
  "not-an-object",
  "unknown-field",
  "duplicate-field",
  "wrong-type",
  "limit",
]);

/** The refusal of an object with these errors, of which there is at least one. */
export function invalid(def: ResourceDef, name: string, errors: readonly FieldError[]): StatusError {
  const decoding = errors.filter(({ code }) => decodingCodes.has(code));
  return decoding.length > 0 ? undecodable(def, decoding) : refusalOf(def, name, errors);
}

export function refuseIf(def: ResourceDef, name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(def, name, errors);
}

export function orRefuse(def: ResourceDef, name: string, prepared: Prepared): ApiObject {
  if (isObject(prepared)) return prepared;
  throw invalid(def, name, prepared);
}

function isObject(prepared: Prepared): prepared is ApiObject {
  return !Array.isArray(prepared);
}

/** The refusal of meta/v1 options: of a query, or of a DELETE's body. */
export function invalidOptions(kind: string, errors: readonly FieldError[]): StatusError {
  return refusalOf({ group: "meta.k8s.io", kind }, "", errors);
}

/** The refusal of a patch after which the object has fields that there are not. */
export function invalidPatch(patch: unknown, errors: readonly FieldError[]): StatusError {
  const why = `strict decoding error: ${errors.map(({ message }) => message).join(", ")}`;
  const message = `Invalid value: ${JSON.stringify(patch)}: ${why}`;
  return refusalOf({ group: "", kind: "" }, "", [{ path: "patch", message, code: "invalid" }]);
}

function refusalOf(
  { group, kind }: Pick<ResourceDef, "group" | "kind">,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const lines = errors.map(sentence);
  const all = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new StatusError(
    "Invalid",
    `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${all}`,
    {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      ...(kind === "" ? {} : { kind }),
      causes: errors.map(({ path, message, code }) => ({
        reason: causeReasons[code] ?? "FieldValueInvalid",
        message,
        field: path,
      })),
    },
  );
}

/** The refusal of a body that is no object of this kind, or has fields that there are not. */
export function undecodable(
  def: Pick<ResourceDef, "kind" | "version">,
  errors: readonly FieldError[],
): StatusError {
  const strict = errors.every(({ code }) => code === "unknown-field" || code === "duplicate-field");
  const what = errors.map((error) => (strict ? error.message : wrongType(error))).join(", ");
  return new StatusError(
    "BadRequest",
    `${def.kind} in version "${def.version}" cannot be handled as a ${def.kind}: ${strict ? "strict decoding error: " : ""}${what}`,
  );
}

/** The whole sentence of Go's decoder names the field itself. */
function wrongType(error: FieldError): string {
  return error.message.startsWith("json: ") ? error.message : sentence(error);
}

function sentence({ path, message }: FieldError): string {
  return path === "" ? message : `${path}: ${message}`;
}
