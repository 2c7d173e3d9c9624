import { type FieldError, invalid, type Path, required, tooLong } from "./field-error.ts";
import type { RawMetadata, RawOwnerReference } from "./schema-metadata.ts";
import { byteLength, checkDnsLabel, checkLabelKey, checkLabelValue } from "./validate-names.ts";

/** Bytes of all keys and values together. */
const maxAnnotationBytes = 256 * 1024;

/**
 * Validates metadata as the API server does on creation (k8s.io/apimachinery/pkg/api/validation, ValidateObjectMeta),
 * except that a name or namespace that the server would still fill in may be absent.
 */
export function validateMetadata(
  metadata: RawMetadata = {},
  checkName: (name: string) => string[],
  namespaced: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", generateName = "", namespace = "" } = metadata;
  if (generateName !== "") {
    const path = ["metadata", "generateName"];
    // What follows the dash is generated, so the dash does not count as the end.
    const prefix =
      generateName.length > 1 && generateName.endsWith("-") ? `${generateName.slice(0, -2)}a` : generateName;
    errors.push(...checkName(prefix).map((problem) => invalid(path, generateName, problem)));
  }
  if (name !== "") {
    errors.push(...checkName(name).map((problem) => invalid(["metadata", "name"], name, problem)));
  } else if (generateName === "") {
    errors.push(required(["metadata", "name"], "name or generateName is required"));
  }
  if (namespaced && namespace !== "") {
    const path = ["metadata", "namespace"];
    errors.push(...checkDnsLabel(namespace).map((problem) => invalid(path, namespace, problem)));
  }
  if ((metadata.generation ?? 0) < 0) {
    errors.push(
      invalid(["metadata", "generation"], metadata.generation, "must be greater than or equal to 0"),
    );
  }
  // Concatenated, not pushed: there may be more labels than a call can have arguments.
  return [
    ...errors,
    ...validateLabels(metadata.labels, ["metadata", "labels"]),
    ...validateAnnotations(metadata.annotations, ["metadata", "annotations"]),
    ...validateOwners(metadata.ownerReferences ?? [], ["metadata", "ownerReferences"]),
    ...validateFinalizers(metadata.finalizers ?? [], ["metadata", "finalizers"]),
  ];
}

/** The API server names the map, not the key; the place is the key or value all the same. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in labels) {
    const value = labels[key]!;
    for (const problem of checkLabelKey(key))
      errors.push(invalid(path, key, problem, { segments: [...path, key], atKey: true }));
    for (const problem of checkLabelValue(value))
      errors.push(invalid(path, value, problem, { segments: [...path, key] }));
  }
  return errors;
}

function validateAnnotations(annotations: Readonly<Record<string, string>> = {}, path: Path): FieldError[] {
  const entries = Object.entries(annotations);
  const errors = entries.flatMap(([key]) =>
    checkLabelKey(key.toLowerCase()).map((problem) =>
      invalid(path, key, problem, { segments: [...path, key], atKey: true }),
    ),
  );
  const bytes = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (bytes > maxAnnotationBytes) errors.push(tooLong(path, maxAnnotationBytes));
  return errors;
}

function validateOwners(owners: readonly RawOwnerReference[], path: Path): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const [index, owner] of owners.entries()) {
    const at = (field: string) => ({ segments: [...path, index, field] });
    if ((owner.apiVersion ?? "").split("/").at(-1) === "") {
      const detail = "version must not be empty";
      errors.push(invalid([...path, "apiVersion"], owner.apiVersion ?? "", detail, at("apiVersion")));
    }
    for (const field of ["kind", "name", "uid"] as const) {
      if ((owner[field] ?? "") === "")
        errors.push(invalid([...path, field], "", "must not be empty", at(field)));
    }
    if (owner.apiVersion === "v1" && owner.kind === "Event") {
      errors.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) {
      controller = name;
    } else {
      const found = `Found "true" in references for ${controller} and ${name}`;
      errors.push(invalid(path, owners, `Only one reference can have Controller set to true. ${found}`));
    }
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: Path): FieldError[] {
  const errors = finalizers.flatMap((finalizer, index) =>
    checkLabelKey(finalizer).map((problem) =>
      invalid(path, finalizer, problem, { segments: [...path, index] }),
    ),
  );
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push(invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return errors;
}
