import type { Registry } from "@portcullis/apiserver";
import { kubernetesService } from "./credentials/kubernetes-service.ts";
import { dnsObjects } from "./dns/dns-objects.ts";
import { nodeObject } from "./node-object.ts";

/**
 * What a sandbox has from its first moment: its node, the way to its API, and if asked for its DNS. What is there
 * already stays.
 */
export function createFirstObjects(registry: Registry, { dns }: { readonly dns: boolean }): void {
  const create = (
    group: string,
    version: string,
    plural: string,
    object: Parameters<Registry["create"]>[1],
  ) => {
    const def = registry.find(group, version, plural);
    if (def === undefined) return;
    const { name, namespace } = object.metadata;
    if (registry.peek(def, name, namespace) === undefined) registry.create(def, object, namespace);
  };
  const { service, endpoints, slice } = kubernetesService();
  create("", "v1", "nodes", nodeObject());
  create("", "v1", "services", service);
  create("", "v1", "endpoints", endpoints);
  create("discovery.k8s.io", "v1", "endpointslices", slice);
  if (!dns) return;
  const names = dnsObjects();
  create("", "v1", "services", names.service);
  create("apps", "v1", "deployments", names.deployment);
}
