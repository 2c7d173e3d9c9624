import type { Cluster } from "../cluster/cluster.ts";
import { isFinished, podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { headOf, type ListedHead, type ListedPods } from "../reach/listed-peer.ts";

/** Puts pods together as they are listed: by workload, or one by one. */
export class PodLister {
  readonly byPod: boolean;
  readonly #workloads = new Map<string, Workload>();
  readonly #of = new Map<Pod, Workload>();

  constructor(cluster: Cluster, byPod: boolean) {
    this.byPod = byPod;
    for (const pod of cluster.pods()) if (!isFinished(pod)) this.#workloadOf(pod).size++;
  }

  /** By namespace, workload and name. A pod given twice counts once. */
  list(pods: Iterable<Pod>): readonly ListedPods[] {
    const groups = new Map<Workload, Set<Pod>>();
    for (const pod of pods) {
      const workload = this.#of.get(pod) ?? this.#workloadOf(pod);
      const group = groups.get(workload);
      if (group === undefined) groups.set(workload, new Set([pod]));
      else group.add(pod);
    }
    return [...groups]
      .sort(([a], [b]) => (a.key < b.key ? -1 : 1))
      .map(([{ head, size }, members]) => {
        const sorted = [...members];
        if (sorted.length > 1) sorted.sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1));
        return { kind: "pods", ...head, pods: sorted, whole: sorted.length === size };
      });
  }

  #workloadOf(pod: Pod): Workload {
    const head = headOf(pod, this.byPod);
    const key = `${head.namespace} ${head.workload} ${head.name}`;
    const workload = this.#workloads.get(key) ?? { head, key, size: 0 };
    this.#workloads.set(key, workload);
    this.#of.set(pod, workload);
    return workload;
  }
}

interface Workload {
  readonly head: ListedHead;
  readonly key: string;
  /** How many pods of the cluster. */
  size: number;
}
