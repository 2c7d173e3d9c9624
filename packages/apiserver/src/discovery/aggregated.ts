import type { ResourceDef } from "../registry/resource-def.ts";
import type { ApiGroup } from "./api-groups.ts";
import { subresourcesOf, verbsOf } from "./api-resources.ts";

/** Of apidiscovery.k8s.io: v2 since Kubernetes 1.30, v2beta1 since 1.26. Both have the same fields. */
export type AggregatedVersion = "v2" | "v2beta1";

/** apidiscovery.k8s.io APIGroupDiscoveryList: everything in one document. */
export function aggregated(groups: readonly ApiGroup[], version: AggregatedVersion) {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group.name, creationTimestamp: null },
      versions: group.versions.map(({ version: name, defs }) => ({
        version: name,
        resources: defs.map(resourceOf),
        freshness: "Current",
      })),
    })),
  };
}

function resourceOf(def: ResourceDef) {
  const { group, version, kind } = def;
  const subresources = subresourcesOf(def).map((each) => ({
    subresource: each.name.slice(def.plural.length + 1),
    responseKind: each.kind,
    verbs: each.verbs,
  }));
  return {
    resource: def.plural,
    responseKind: { group, version, kind },
    scope: def.namespaced ? "Namespaced" : "Cluster",
    singularResource: def.singular,
    verbs: verbsOf(def),
    ...(def.shortNames.length === 0 ? {} : { shortNames: def.shortNames }),
    ...(def.categories.length === 0 ? {} : { categories: def.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
