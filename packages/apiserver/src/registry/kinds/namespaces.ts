import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString } from "../../json.ts";
import { forbidden } from "../refusals.ts";
import type { ResourceDef } from "../resource-def.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";

/** The namespaces that exist from the start and stay. */
export const permanentNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;

/** core/v1 Namespace. Every one carries its name as a label, which is what policies select a namespace by name with. */
export const namespaces: ResourceDef = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  categories: [],
  namespaced: false,
  subresources: ["status", "finalize"],
  behaviour: "full",
  columns: [
    nameColumn,
    text("Status", "Whether it can hold objects.", ({ status }) => asString(asRecord(status).phase)),
    ageColumn,
  ],
  countsGeneration: false,
  selectableFields: { "status.phase": (object) => asString(asRecord(object.status).phase) },
  defaults: withNameLabel,
  validate: validateObject,
  prepareCreate: (object) => ({
    ...object,
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  // The finalizers change through the finalize subresource only.
  prepareUpdate: (object, old) => ({ ...object, spec: old.spec }),
  beforeDelete,
  heldBy: ({ spec }) => asList(asRecord(spec).finalizers).map(asString),
  prepareDelete: (object) => ({ ...object, status: { ...asRecord(object.status), phase: "Terminating" } }),
};

function withNameLabel(object: ApiObject): ApiObject {
  const labels = { ...asRecord(object.metadata.labels), "kubernetes.io/metadata.name": object.metadata.name };
  return { ...object, metadata: { ...object.metadata, labels: labels as Record<string, string> } };
}

function beforeDelete({ metadata }: ApiObject): void {
  if ((permanentNamespaces as readonly string[]).includes(metadata.name)) {
    throw forbidden(namespaces, metadata.name, "this namespace may not be deleted");
  }
}
