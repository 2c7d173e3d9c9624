import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString } from "../../json.ts";
import { forbidden } from "../refusals.ts";
import type { DeletingRegistry, ResourceDef } from "../resource-def.ts";

/** The namespaces that exist from the start and stay. */
export const permanentNamespaces = ["default", "kube-system"] as const;

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
  subresources: ["status"],
  behaviour: "full",
  columns: [],
  countsGeneration: false,
  selectableFields: { "status.phase": (object) => asString(asRecord(object.status).phase) },
  defaults: withNameLabel,
  validate: validateObject,
  prepareCreate: (object) => ({
    ...object,
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  beforeDelete,
};

function withNameLabel(object: ApiObject): ApiObject {
  const labels = { ...asRecord(object.metadata.labels), "kubernetes.io/metadata.name": object.metadata.name };
  return { ...object, metadata: { ...object.metadata, labels: labels as Record<string, string> } };
}

/** What is in the namespace goes first, so that nobody sees an object whose namespace is gone. */
function beforeDelete(namespace: ApiObject, registry: DeletingRegistry): void {
  const { name } = namespace.metadata;
  if ((permanentNamespaces as readonly string[]).includes(name)) {
    throw forbidden(namespaces, name, "this namespace may not be deleted");
  }
  for (const def of registry.defs.filter(({ namespaced }) => namespaced)) {
    for (const { metadata } of registry.list(def, { namespace: name }).items) {
      registry.delete(def, metadata.name, name);
    }
  }
}
