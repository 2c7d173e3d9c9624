import type { ApiServer, ResourceDef } from "@portcullis/apiserver";
import { type Resource, resources } from "@portcullis/kube";

/** Serves kinds that the API does not have yet. */
export function serveMissingKinds(server: ApiServer): void {
  for (const resource of Object.values<Resource>(resources)) {
    const { group, version, plural, kind, namespaced } = resource;
    if (server.registry.find(group, version, plural)) continue;
    const def: ResourceDef = {
      group,
      version,
      kind,
      plural,
      singular: kind.toLowerCase(),
      shortNames: [],
      categories: [],
      namespaced,
      subresources: ["status"],
      behaviour: "full",
      countsGeneration: true,
      columns: [],
      selectableFields: {},
      defaults: (object) =>
        kind === "Deployment"
          ? { ...object, spec: { progressDeadlineSeconds: 600, ...(object.spec as object) } }
          : object,
      validate: () => [],
    };
    server.registry.serve(def);
  }
}
