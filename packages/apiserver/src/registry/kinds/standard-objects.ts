import type { ApiObject } from "../../api-object.ts";
import type { Registry } from "../registry.ts";
import { systemPriorities } from "./classes.ts";
import { permanentNamespaces } from "./namespaces.ts";

/** Makes what every cluster has from the start, unless it is there from before a restart. */
export function createStandardObjects(registry: Registry): void {
  const objects: readonly ApiObject[] = [
    ...permanentNamespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...Object.entries(systemPriorities).map(([name, value]) => ({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      description: descriptions[name],
    })),
  ];
  for (const object of objects) {
    const def = registry.defs.find(({ kind }) => kind === object.kind)!;
    if (registry.peek(def, object.metadata.name) === undefined) registry.create(def, object);
  }
}

const descriptions: Readonly<Record<string, string>> = {
  "system-cluster-critical": "For pods that the cluster needs, on whatever node they run.",
  "system-node-critical": "For pods that a node needs and that cannot run elsewhere.",
};
