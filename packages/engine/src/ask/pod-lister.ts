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
    const sorted = [...this.#workloads.values()].sort(byKey);
    for (const [rank, workload] of sorted.entries()) workload.rank = rank;
  }

  /** By namespace, workload and name. A pod given twice counts once. */
  list(pods: Iterable<Pod>): readonly ListedPods[] {
    const found: Workload[] = [];
    for (const pod of pods) {
      const workload = this.#of.get(pod) ?? this.#workloadOf(pod);
      const { members } = workload;
      if (members === undefined) {
        workload.members = pod;
        found.push(workload);
      } else if (members instanceof Set) members.add(pod);
      else if (members !== pod) workload.members = new Set([members, pod]);
    }
    found.sort((a, b) => (a.rank === undefined || b.rank === undefined ? byKey(a, b) : a.rank - b.rank));
    return found.map(listed);
  }

  #workloadOf(pod: Pod): Workload {
    const head = headOf(pod, this.byPod);
    const key = `${head.namespace} ${head.workload} ${head.name}`;
    const workload = this.#workloads.get(key) ?? {
      head,
      key,
      size: 0,
      rank: undefined,
      members: undefined,
      alone: undefined,
    };
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
  /** Place in the order of all that the cluster had in the beginning. */
  rank: number | undefined;
  /** While a list is made: those of its pods that are in it. */
  members: Pod | Set<Pod> | undefined;
  /** As it is listed with all of its one pod; a cluster's are listed over and over. */
  alone: ListedPods | undefined;
}

const byKey = (a: Workload, b: Workload): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** The workload with the members that were found. */
function listed(workload: Workload): ListedPods {
  const { head, size, alone } = workload;
  const members = workload.members!;
  workload.members = undefined;
  if (members instanceof Set) {
    const pods = [...members].sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1));
    return { kind: "pods", ...head, pods, whole: pods.length === size };
  }
  if (alone?.pods[0] === members) return alone;
  workload.alone = { kind: "pods", ...head, pods: [members], whole: size === 1 };
  return workload.alone;
}
