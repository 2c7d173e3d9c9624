import { type ClusterObject, type ObjectKind, objectFromApi, validateObject } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import type { Change, PodSpec, Topology } from "./case.ts";
import { type Names, namespaceObject, podObject, policyObject, serviceObject, splitRef } from "./objects.ts";

export type ModelChange =
  | { readonly kind: "upsert"; readonly object: ClusterObject }
  | { readonly kind: "delete"; readonly of: ObjectKind; readonly namespace: string; readonly name: string };

const nodeName = "node";
export const nodeAddresses = { 4: "10.245.0.1", 6: "fd00:10:245::1" } as const;

/**
 * A case's cluster as its manifests say, for subjects that need no kernel: names as they are, and addresses in the order
 * of the pods. Every object goes the way of a user's: API object, validation, the engine's model.
 */
export class ModelWorld implements Names {
  readonly #pods = new Map<string, { spec: PodSpec; index: number }>();
  readonly #last = new Map<string, number>();
  #next = 1;
  #serviceIndex = 0;
  #reuse: number | undefined;

  /** The changes that make the topology. */
  *start({ namespaces, pods }: Topology): Generator<ModelChange> {
    yield upsert(this.#node());
    for (const { name, labels } of namespaces) yield upsert(namespaceObject(name, labels, this));
    for (const spec of pods) yield* this.#create(spec);
  }

  *change(change: Change): Generator<ModelChange> {
    switch (change.kind) {
      case "apply":
        return yield upsert(policyObject(change.policy, this));
      case "remove": {
        const [namespace, name] = splitRef(change.policy);
        return yield { kind: "delete", of: "NetworkPolicy", namespace, name };
      }
      case "label": {
        const known = this.#pods.get(change.target);
        if (known === undefined) return yield upsert(namespaceObject(change.target, change.labels, this));
        known.spec = { ...known.spec, labels: change.labels };
        return yield upsert(this.#podObject(known.spec));
      }
      case "create":
        return yield* this.#create(change.pod);
      case "delete": {
        const [namespace, name] = splitRef(change.pod);
        this.#reuse = change.reuse ? this.#pods.get(change.pod)?.index : undefined;
        this.#pods.delete(change.pod);
        yield { kind: "delete", of: "Pod", namespace, name };
      }
    }
  }

  namespace(name: string): string {
    return name;
  }

  address(place: string, family: 4 | 6): string | undefined {
    const index = this.#pods.get(place)?.index ?? this.#last.get(place);
    if (place === "node" || this.#pods.get(place)?.spec.hostNetwork) return nodeAddresses[family];
    if (index === undefined) return undefined;
    return family === 4 ? `10.244.0.${index}` : `fd00:10:244::${index.toString(16)}`;
  }

  *#create(spec: PodSpec): Generator<ModelChange> {
    const index = this.#reuse ?? this.#next++;
    this.#reuse = undefined;
    this.#pods.set(spec.ref, { spec, index });
    this.#last.set(spec.ref, index);
    yield upsert(this.#podObject(spec));
    const service = spec.hostNetwork ? undefined : serviceObject(spec, this);
    if (service !== undefined) yield upsert(this.#withClusterIps(service));
  }

  #podObject(spec: PodSpec): KubeObject {
    const { spec: fields, ...rest } = podObject(spec, this);
    const podIPs = ([4, 6] as const).map((family) => ({ ip: this.address(spec.ref, family) }));
    return {
      ...rest,
      spec: { ...(fields as object), nodeName },
      status: { phase: "Running", podIPs },
    } as KubeObject;
  }

  #withClusterIps({ spec, ...rest }: KubeObject): KubeObject {
    this.#serviceIndex += 1;
    const clusterIPs = [`10.96.0.${this.#serviceIndex}`, `fd00:10:96::${this.#serviceIndex.toString(16)}`];
    return { ...rest, spec: { ...(spec as object), clusterIP: clusterIPs[0], clusterIPs } } as KubeObject;
  }

  #node(): KubeObject {
    const addresses = Object.values(nodeAddresses).map((address) => ({ type: "InternalIP", address }));
    return { apiVersion: "v1", kind: "Node", metadata: { name: nodeName }, status: { addresses } };
  }
}

function upsert(object: KubeObject): ModelChange {
  const errors = validateObject(object);
  const read = objectFromApi(object);
  if (errors.length > 0 || read.object === undefined)
    throw new Error(
      `a case's own ${object.kind} is refused: ${JSON.stringify([errors, read.errors, object])}`,
    );
  return { kind: "upsert", object: read.object };
}
