import { StatusError } from "../status.ts";
import { type FieldError, type ResourceDef, resourceName } from "./resource-def.ts";

// The API server's own sentences (apimachinery, pkg/api/errors), because clients and people look for them.

export function notFound(def: ResourceDef, name: string): StatusError {
  return new StatusError("NotFound", `${resourceName(def)} "${name}" not found`, target(def, name));
}

export function alreadyExists(def: ResourceDef, name: string): StatusError {
  return new StatusError("AlreadyExists", `${resourceName(def)} "${name}" already exists`, target(def, name));
}

export function conflict(def: ResourceDef, name: string, why = modified): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(def)} "${name}": ${why}`;
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
  if (decoding.length > 0) return undecodable(def, decoding);
  const lines = errors.map(sentence);
  const kind = def.group === "" ? def.kind : `${def.kind}.${def.group}`;
  const all = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new StatusError("Invalid", `${kind} "${name}" is invalid: ${all}`, {
    name,
    ...(def.group === "" ? {} : { group: def.group }),
    kind: def.kind,
    causes: errors.map(({ path, message, code }) => ({
      reason: causeReasons[code] ?? "FieldValueInvalid",
      message,
      field: path,
    })),
  });
}

function undecodable(def: ResourceDef, errors: readonly FieldError[]): StatusError {
  const strict = errors.every(({ code }) => code === "unknown-field" || code === "duplicate-field");
  const what = errors.map((error) => (strict ? error.message : sentence(error))).join(", ");
  return new StatusError(
    "BadRequest",
    `${def.kind} in version "${def.version}" cannot be handled as a ${def.kind}: ${strict ? "strict decoding error: " : ""}${what}`,
  );
}

function sentence({ path, message }: FieldError): string {
  return path === "" ? message : `${path}: ${message}`;
}
