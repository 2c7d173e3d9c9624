import { checkObjectName } from "@portcullis/engine";
import { asList, asRecord, asString, isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "../validation/choice.ts";
import { duplicate, invalid, required } from "../validation/field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a CustomResourceDefinition, besides its metadata. */
export function definitionErrors(value: unknown): readonly FieldError[] {
  const { metadata, spec: given } = asRecord(value);
  const spec = asRecord(given);
  const { plural, kind } = asRecord(spec.names);
  const [group, name] = [asString(spec.group), asString(asRecord(metadata).name)];
  const errors: FieldError[] = [];
  if (name !== `${plural}.${group}`) {
    errors.push(invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (group === "") errors.push(required("spec.group"));
  else if (!group.includes("."))
    errors.push(invalid("spec.group", group, "should be a domain with at least one dot"));
  if (asString(plural) === "") errors.push(required("spec.names.plural"));
  if (asString(kind) === "") errors.push(required("spec.names.kind"));
  if (asString(spec.scope) === "") errors.push(required("spec.scope"));
  return [
    ...errors,
    ...choiceErrors(spec, "spec", { scope: ["Cluster", "Namespaced"] }),
    ...versionsErrors(asList(spec.versions).map(asRecord)),
    ...approvalErrors(group, asRecord(asRecord(metadata).annotations)),
  ];
}

function versionsErrors(versions: readonly Fields[]): readonly FieldError[] {
  const path = "spec.versions";
  if (versions.length === 0) return [required(path, "must have at least one version")];
  const stored = versions.filter(({ storage }) => storage === true);
  const names = versions.map(({ name }) => asString(name));
  return [
    ...(stored.length === 1
      ? []
      : [invalid(path, names, "must have exactly one version marked as storage version")]),
    ...versions.flatMap((version, index) => {
      const at = `${path}[${index}]`;
      const name = names[index]!;
      const repeated = names.indexOf(name) < index;
      return [
        ...checkObjectName.label(name).map((problem) => invalid(`${at}.name`, name, problem)),
        ...(repeated ? [duplicate(`${at}.name`, name)] : []),
        ...schemaErrors(asRecord(version.schema).openAPIV3Schema, `${at}.schema.openAPIV3Schema`),
      ];
    }),
  ];
}

function schemaErrors(schema: unknown, path: string): readonly FieldError[] {
  if (!isRecord(schema)) return [required(path, "schemas are required")];
  const { type } = schema;
  if (asString(type) === "") return [required(`${path}.type`, "must not be empty at the root")];
  return type === "object" ? [] : [invalid(`${path}.type`, type, "must be object at the root")];
}

const approval = "api-approved.kubernetes.io";

/** Groups of Kubernetes itself take no kinds that nobody has approved. */
function approvalErrors(group: string, annotations: Fields): readonly FieldError[] {
  const guarded = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  if (!guarded || asString(annotations[approval]) !== "") return [];
  const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [required(`metadata.annotations[${approval}]`, detail)];
}
