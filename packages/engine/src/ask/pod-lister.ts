import type { Cluster } from "../cluster/cluster.ts";
import { isFinished, podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { headOf, type ListedHead, type ListedPods } from "../reach/listed-peer.ts";

/** Puts pods together as they are listed: by workload, or one by one. */
export class PodLister {
  readonly byPod: boolean;
  /** How many pods each workload of the cluster has. */
  readonly #sizes = new Map<string, number>();

  constructor(cluster: Cluster, byPod: boolean) {
    this.byPod = byPod;
    for (const pod of cluster.pods()) {
      if (isFinished(pod)) continue;
      const key = headKey(headOf(pod, byPod));
      this.#sizes.set(key, (this.#sizes.get(key) ?? 0) + 1);
    }
  }

  /** By namespace, workload and name. A pod given twice counts once. */
  list(pods: Iterable<Pod>): readonly ListedPods[] {
    const groups = new Map<string, { readonly head: ListedHead; readonly pods: Set<Pod> }>();
    for (const pod of pods) {
      const head = headOf(pod, this.byPod);
      const key = headKey(head);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { head, pods: new Set([pod]) });
      else group.pods.add(pod);
    }
    return [...groups.keys()].sort().map((key) => {
      const { head, pods: members } = groups.get(key)!;
      const sorted = [...members].sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1));
      return { kind: "pods", ...head, pods: sorted, whole: sorted.length === this.#sizes.get(key) };
    });
  }
}

const headKey = ({ namespace, workload, name }: ListedHead): string => `${namespace} ${workload} ${name}`;
