import type { ClusterObject } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import { expandPods, type StandInPod } from "./expand-pods.ts";
import { standInService } from "./stand-in-service.ts";

/** What is brought up in place of the manifests' objects, and what is not. */
export interface StandIns {
  readonly namespaces: readonly KubeObject[];
  readonly policies: readonly KubeObject[];
  readonly services: readonly KubeObject[];
  readonly pods: readonly StandInPod[];
  /** What differs from the manifests, in words. */
  readonly notes: readonly string[];
  readonly notProbed: readonly { readonly what: string; readonly why: string }[];
}

/**
 * Turns manifests into objects of a sandbox in which no image of theirs runs: every container becomes an echo server
 * on the ports that it declares, every workload its pods, at most `maxReplicas` of each.
 * @param raw The objects as written, in the order of `objects`.
 */
export function expandManifests(
  objects: readonly ClusterObject[],
  raw: readonly KubeObject[],
  maxReplicas: number,
): StandIns {
  // The engine gives a name to what has only a generateName.
  const named = raw.map((object, index) => withName(object, objects[index]!));
  const { pods, notes, notProbed } = expandPods(named, maxReplicas);
  const services = named.filter(({ kind }) => kind === "Service").map(standInService);
  const isStaged = (index: number) => "staged" in objects[index]! && objects[index].staged === true;
  const policies = named
    .filter(({ kind }, index) => kind === "NetworkPolicy" && !isStaged(index))
    .map((policy) => ({ ...bare(policy), spec: policy.spec ?? {} }));
  const kept = services.flatMap(({ service }) => service ?? []);
  return {
    namespaces: namespacesFor(named, [...pods.map(({ object }) => object), ...kept, ...policies]),
    policies,
    services: kept,
    pods,
    notes: [
      ...notes,
      ...named.flatMap(({ metadata: { namespace, name } }, index) =>
        isStaged(index) ? [`NetworkPolicy ${namespace}/${name}: staged, so not in force`] : [],
      ),
    ],
    notProbed: [...notProbed, ...services.flatMap(({ notProbed: reason }) => reason ?? [])],
  };
}

function withName(object: KubeObject, { name, ...rest }: ClusterObject): KubeObject {
  const namespace = "namespace" in rest ? { namespace: rest.namespace } : {};
  return { ...object, metadata: { ...object.metadata, name, ...namespace } };
}

/** Type and name only: what a cluster has written into a manifest is not for another cluster. */
function bare({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, labels = {} } = metadata;
  return { apiVersion, kind, metadata: { name, labels, ...(namespace === undefined ? {} : { namespace }) } };
}

/** Those of the manifests with their labels, and those that are only mentioned. */
function namespacesFor(named: readonly KubeObject[], inThem: readonly KubeObject[]): KubeObject[] {
  const namespaces = new Map<string, KubeObject>();
  for (const { metadata } of inThem) {
    const name = metadata.namespace ?? "default";
    namespaces.set(name, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const object of named)
    if (object.kind === "Namespace") namespaces.set(object.metadata.name, bare(object));
  return [...namespaces.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
