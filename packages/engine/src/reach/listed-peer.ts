import { podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import type { Cidr } from "../net/cidr.ts";
import type { PeerClass } from "./peer-class.ts";
import type { Reachability } from "./reachability.ts";

/** One side of a connection, as a list shows it. In one list equal peers are one object. */
export type ListedPeer = ListedPods | ListedOutside;

/** A workload, or those of its pods that policies treat alike when they do not treat all of them so; or a single pod. */
export interface ListedPods {
  readonly kind: "pods";
  readonly namespace: string;
  /** `Deployment`, …; `Pod` for a pod that nothing made, and for every pod when pods are listed one by one. */
  readonly workload: string;
  readonly name: string;
  /** Sorted. A pod that stands for a workload of a manifest is one here. */
  readonly pods: readonly Pod[];
  /** Whether these are all pods of the workload; otherwise `pods` says which. */
  readonly whole: boolean;
}

/** Addresses outside the cluster. Sorted prefixes; both families whole are the whole outside. */
export interface ListedOutside {
  readonly kind: "outside";
  readonly cidrs: readonly Cidr[];
}

/** Pods that are listed as one, with the class that they belong to. */
export interface Listed {
  readonly peer: ListedPods;
  readonly class: PeerClass;
}

/** The pods of the cluster as they are listed, by namespace, workload and name. */
export function listedPeers(reach: Reachability, byPod: boolean): readonly Listed[] {
  const workloads = new Map<string, { readonly head: ListedHead; readonly parts: Map<PeerClass, Pod[]> }>();
  for (const each of reach.classes) {
    for (const pod of each.pods) {
      const head = headOf(pod, byPod);
      const key = `${head.namespace} ${head.workload} ${head.name}`;
      const workload = workloads.get(key) ?? { head, parts: new Map<PeerClass, Pod[]>() };
      workloads.set(key, workload);
      const part = workload.parts.get(each);
      if (part === undefined) workload.parts.set(each, [pod]);
      else part.push(pod);
    }
  }
  return [...workloads.keys()].sort().flatMap((key) => {
    const { head, parts } = workloads.get(key)!;
    return [...parts]
      .map(([each, pods]) => ({ each, pods: pods.sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1)) }))
      .sort((a, b) => (podKey(a.pods[0]!) < podKey(b.pods[0]!) ? -1 : 1))
      .map(({ each, pods }) => ({
        peer: { kind: "pods" as const, ...head, pods, whole: parts.size === 1 },
        class: each,
      }));
  });
}

/** One pod alone: it always reaches itself, which is no news. A workload that may have several pods is not alone. */
export function isAlone({ pods }: Pick<ListedPods, "pods">): boolean {
  if (pods.length > 1) return false;
  const { workload } = pods[0]!;
  return workload === undefined || workload.replicas === 1 || workload.replicas === 0;
}

export type ListedHead = Pick<ListedPods, "namespace" | "workload" | "name">;

/** What a pod is listed under. */
export function headOf({ namespace, name, workload, owner }: Pod, byPod: boolean): ListedHead {
  if (workload !== undefined) return { namespace, workload: workload.kind, name: workload.name };
  if (owner === undefined || byPod) return { namespace, workload: "Pod", name };
  return { namespace, workload: owner.kind, name: owner.name };
}
