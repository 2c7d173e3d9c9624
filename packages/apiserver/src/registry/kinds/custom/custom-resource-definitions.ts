import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString, isRecord, sameJson, withDefaults } from "../../../json.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { type KindTable, resourceName } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";
import { invalid } from "../validation/field-errors.ts";
import { metadataErrors } from "../validation/metadata.ts";
import { type CustomVersion, customKind, scalesAsUsual } from "./custom-kind.ts";
import { definitionErrors } from "./definition-errors.ts";
import { usesRules } from "./structural-schema-rules.ts";

/**
 * apiextensions.k8s.io/v1 CustomResourceDefinition: each served version becomes a kind of its own. Versions differ in their
 * name only: there is no conversion by webhook.
 */
export function customResourceDefinitions(clock: () => Date): ResourceDef {
  return kindEntry({
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    shortNames: ["crd", "crds"],
    namespaced: false,
    subresources: ["status"],
    behaviour: "full",
    countsGeneration: true,
    defaults,
    validate: (value) => [...metadataErrors(value, { namespaced: false }), ...definitionErrors(value)],
    validateUpdate,
    warnings,
    prepareCreate: (definition) => withStatus(definition, undefined, clock()),
    prepareUpdate: (definition, old) => withStatus(definition, old, clock()),
    afterWrite: serve,
    restore: serve,
    afterDelete: withdraw,
  });
}

function defaults(definition: ApiObject): ApiObject {
  const spec = asRecord(definition.spec);
  const kind = asString(asRecord(spec.names).kind);
  const names = withDefaults(asRecord(spec.names), {
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
  });
  return { ...definition, spec: { ...withDefaults(spec, { conversion: { strategy: "None" } }), names } };
}

/** The kind is served from now on: that is what clients wait for (`kubectl wait --for=condition=Established`). */
function withStatus(definition: ApiObject, old: ApiObject | undefined, now: Date): ApiObject {
  const { names, versions } = asRecord(definition.spec);
  const before = asRecord(old?.status);
  const storage = asList(versions)
    .map(asRecord)
    .find((version) => version.storage === true);
  const storedVersions = new Set([...asList(before.storedVersions), storage?.name]);
  const since = `${now.toISOString().slice(0, 19)}Z`;
  const conditions = before.conditions ?? [
    {
      type: "NamesAccepted",
      status: "True",
      lastTransitionTime: since,
      reason: "NoConflicts",
      message: "no conflicts found",
    },
    {
      type: "Established",
      status: "True",
      lastTransitionTime: since,
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    },
  ];
  return {
    ...definition,
    status: { ...before, conditions, acceptedNames: names, storedVersions: [...storedVersions] },
  };
}

const immutable = [
  ["spec.group", (spec: Readonly<Record<string, unknown>>) => spec.group],
  ["spec.scope", (spec: Readonly<Record<string, unknown>>) => spec.scope],
  ["spec.names.kind", (spec: Readonly<Record<string, unknown>>) => asRecord(spec.names).kind],
  ["spec.names.plural", (spec: Readonly<Record<string, unknown>>) => asRecord(spec.names).plural],
] as const;

function validateUpdate(definition: ApiObject, old: ApiObject): readonly FieldError[] {
  return immutable.flatMap(([path, read]) => {
    const value = read(asRecord(definition.spec));
    return sameJson(value, read(asRecord(old.spec)))
      ? []
      : [invalid(path, value ?? "", "field is immutable")];
  });
}

/** What a definition may ask for and does not get here. */
function warnings({ spec }: ApiObject): readonly string[] {
  const { conversion, versions } = asRecord(spec);
  const webhook = asRecord(conversion).strategy === "Webhook";
  return [
    ...(webhook
      ? ["spec.conversion: this server does not call webhooks; versions differ in their name only"]
      : []),
    ...asList(versions).flatMap((version, index) => {
      const { schema, subresources } = asRecord(version);
      const path = `spec.versions[${index}]`;
      const { scale } = asRecord(subresources);
      return [
        ...(usesRules(asRecord(schema).openAPIV3Schema)
          ? [`${path}.schema: this server does not evaluate x-kubernetes-validations`]
          : []),
        ...(isRecord(scale) && !scalesAsUsual(scale)
          ? [`${path}.subresources.scale: this server scales by .spec.replicas and .status.replicas only`]
          : []),
      ];
    }),
  ];
}

/** Versions that are served, and no others. A kind of Kubernetes itself is never replaced. */
function serve(definition: ApiObject, kinds: KindTable): void {
  const versions = asList(asRecord(definition.spec).versions).map(asRecord) as readonly CustomVersion[];
  const wanted = versions.filter(({ served }) => served === true);
  for (const version of wanted) {
    const kind = customKind(definition, version);
    const present = kinds.defs.find((def) => sameResource(def, kind) && def.version === kind.version);
    if (present === undefined || present.schema !== undefined) kinds.serve(kind);
  }
  for (const def of ofDefinition(definition, kinds)) {
    if (!wanted.some(({ name }) => name === def.version)) kinds.withdraw(def);
  }
}

function withdraw(definition: ApiObject, kinds: KindTable): void {
  for (const def of ofDefinition(definition, kinds)) kinds.withdraw(def);
}

/** `metadata.name` is the name of the resource. */
function ofDefinition({ metadata }: ApiObject, { defs }: KindTable): readonly ResourceDef[] {
  return defs.filter((def) => def.schema !== undefined && resourceName(def) === metadata.name);
}

function sameResource(a: ResourceDef, b: ResourceDef): boolean {
  return resourceName(a) === resourceName(b);
}
