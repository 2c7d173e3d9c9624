import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString, isRecord } from "../../../json.ts";
import { structuralSchema } from "../../../schema/structural-schema.ts";
import type { FieldError, ResourceDef, Subresource } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";
import { metadataErrors } from "../validation/metadata.ts";
import { customColumns } from "./custom-columns.ts";
import { readPath } from "./json-path.ts";
import { withSchemaDefaults } from "./schema-defaults.ts";
import { schemaErrors } from "./schema-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One of `spec.versions` of a CustomResourceDefinition. */
export type CustomVersion = Fields & { readonly name?: unknown; readonly served?: unknown };

/** The kind that a version of a definition makes. */
export function customKind(definition: ApiObject, version: CustomVersion): ResourceDef {
  const { group, scope, names: given } = asRecord(definition.spec);
  const names = asRecord(given);
  const openApi = asRecord(asRecord(version.schema).openAPIV3Schema);
  const subresources = asRecord(version.subresources);
  const namespaced = scope === "Namespaced";
  const apiVersion = `${asString(group)}/${asString(version.name)}`;
  return kindEntry({
    group: asString(group),
    version: asString(version.name),
    kind: asString(names.kind),
    plural: asString(names.plural),
    singular: asString(names.singular),
    shortNames: asList(names.shortNames).map(asString),
    categories: asList(names.categories).map(asString),
    namespaced,
    subresources: subresourcesOf(subresources),
    countsGeneration: true,
    schema: structuralSchema(openApi),
    columns: customColumns(asList(version.additionalPrinterColumns)),
    selectableFields: Object.fromEntries(
      asList(version.selectableFields).map((field) => {
        const path = asString(asRecord(field).jsonPath);
        return [path.replace(/^\./, ""), (object: ApiObject) => textOf(readPath(object, path)[0])];
      }),
    ),
    defaults: (object) => ({ ...(withSchemaDefaults(object, openApi) as ApiObject), apiVersion }),
    validate: (value): readonly FieldError[] => [
      ...metadataErrors(value, { namespaced }),
      ...schemaErrors(withoutHead(asRecord(value)), openApi, ""),
    ],
    // With a status of its own, a new object begins without one.
    ...(isRecord(subresources.status) ? { prepareCreate: ({ status: _, ...rest }: ApiObject) => rest } : {}),
    ...scaleOf(asRecord(subresources.scale)),
  });
}

function subresourcesOf({ status, scale }: Fields): readonly Subresource[] {
  return [
    ...(isRecord(status) ? (["status"] as const) : []),
    ...(isRecord(scale) && scalesAsUsual(scale) ? (["scale"] as const) : []),
  ];
}

/** Whether the numbers of replicas lie where those of Deployments do: there is no scaling by other paths. */
export function scalesAsUsual({ specReplicasPath, statusReplicasPath }: Fields): boolean {
  return specReplicasPath === ".spec.replicas" && statusReplicasPath === ".status.replicas";
}

function scaleOf({ labelSelectorPath }: Fields): Partial<ResourceDef> {
  const path = asString(labelSelectorPath);
  return path === "" ? {} : { scaleSelector: (object) => textOf(readPath(object, path)[0]) };
}

/** What every object has is not the schema's to judge. */
function withoutHead({ apiVersion: _version, kind: _kind, metadata: _metadata, ...rest }: Fields): Fields {
  return rest;
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}
