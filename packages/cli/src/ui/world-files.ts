import type { ManifestFile } from "@portcullis/engine";
import {
  type KubeClient,
  type KubeObject,
  listAll,
  type ObjectMeta,
  type Resource,
  resources,
} from "@portcullis/kube";
import { formatYaml } from "../text/yaml.ts";

/** What verdicts depend on, besides policies. */
const surroundings = [resources.namespaces, resources.nodes, resources.pods, resources.services] as const;

/**
 * A cluster as manifests: a file for each NetworkPolicy, as somebody would write it, and one with everything else that
 * matters to them.
 */
export async function worldFiles(client: KubeClient): Promise<readonly ManifestFile[]> {
  const [policies, ...others] = await Promise.all([
    listAll(client, resources.networkpolicies, (object) => written(resources.networkpolicies, object)),
    ...surroundings.map((resource) => listAll(client, resource, (object) => slim(resource, object))),
  ]);
  const list = { apiVersion: "v1", kind: "List", items: others.flat() };
  return [
    ...policies.map((policy) => ({ file: policyFile(policy.metadata), text: formatYaml(policy) })),
    { file: "cluster.json", text: JSON.stringify(list, undefined, 1) },
  ];
}

/** The file of a policy: `shop/default-deny.yaml`. */
function policyFile({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? "default"}/${name}.yaml`;
}

/** Without what the API server added. */
function written(resource: Resource, { metadata, spec }: KubeObject): KubeObject {
  const { annotations = {} } = metadata;
  const { "kubectl.kubernetes.io/last-applied-configuration": _, ...own } = annotations;
  return {
    ...headOf(resource),
    metadata: { ...identity(metadata), ...(Object.keys(own).length > 0 && { annotations: own }) },
    spec,
  };
}

/** What a verdict, or a name on a picture, can depend on. */
function slim(resource: Resource, { metadata, spec, status }: KubeObject): KubeObject {
  const { ownerReferences } = metadata;
  return {
    ...headOf(resource),
    metadata: { ...identity(metadata), ...(ownerReferences !== undefined && { ownerReferences }) },
    ...(spec !== undefined && { spec }),
    ...(status !== undefined && resource.kind !== "Service" && { status }),
  };
}

/** What selectors and other objects know an object by. */
function identity({ name, namespace, labels }: ObjectMeta): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
  };
}

function headOf({ group, version, kind }: Resource): Pick<KubeObject, "apiVersion" | "kind"> {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind };
}
