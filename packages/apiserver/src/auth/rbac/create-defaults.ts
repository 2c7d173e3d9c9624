import type { Registry } from "../../registry/registry.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";

/** Makes the roles and bindings that every cluster has, those that are missing; what is there stays as it is. */
export function createDefaultRoles(registry: Registry): void {
  const kinds = [
    ["clusterroles", defaultClusterRoles],
    ["clusterrolebindings", defaultClusterRoleBindings],
  ] as const;
  for (const [plural, objects] of kinds) {
    const def = registry.find("rbac.authorization.k8s.io", "v1", plural)!;
    const present = new Set(registry.list(def).items.map(({ metadata }) => metadata.name));
    for (const object of objects) if (!present.has(object.metadata.name)) registry.create(def, object);
  }
}
