import { podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";

/** One pod or workload, as it is in each of two states. */
export interface PodPair {
  readonly before: Pod;
  readonly after: Pod;
}

/** All sorted by key, pairs by the key that they have in the second state. */
export interface MatchedPods {
  readonly common: readonly PodPair[];
  readonly added: readonly Pod[];
  readonly removed: readonly Pod[];
}

/**
 * Which pods of two states are the same: those of one name. A workload of a manifest is each of the pods that it made in
 * a live cluster.
 */
export function matchPods(before: readonly Pod[], after: readonly Pod[]): MatchedPods {
  const old = new Map(before.map((pod) => [podKey(pod), pod]));
  const present = new Map(after.map((pod) => [podKey(pod), pod]));
  const common: PodPair[] = [];
  for (const [key, pod] of present) {
    const was = old.get(key);
    if (was !== undefined) common.push({ before: was, after: pod });
  }
  const [lost, gained] = [missing(old, present), missing(present, old)];
  const [oldMakers, newMakers] = [standIns(lost), standIns(gained)];
  for (const pod of gained) {
    const was = oldMakers.get(ownerKey(pod));
    if (was !== undefined) common.push({ before: was, after: pod });
  }
  for (const pod of lost) {
    const is = newMakers.get(ownerKey(pod));
    if (is !== undefined) common.push({ before: pod, after: is });
  }
  const matched = new Set(common.flatMap((pair) => [pair.before, pair.after]));
  const unmatched = (pods: readonly Pod[]) => byKey(pods.filter((pod) => !matched.has(pod)));
  common.sort(
    (a, b) => compare(podKey(a.after), podKey(b.after)) || compare(podKey(a.before), podKey(b.before)),
  );
  return { common, added: unmatched(gained), removed: unmatched(lost) };
}

function missing(from: ReadonlyMap<string, Pod>, within: ReadonlyMap<string, Pod>): readonly Pod[] {
  return [...from].filter(([key]) => !within.has(key)).map(([, pod]) => pod);
}

/** Pods of manifests that stand for a workload, by the key that pods made by it have as `ownerKey`. */
function standIns(pods: readonly Pod[]): ReadonlyMap<string | undefined, Pod> {
  return new Map(
    pods.flatMap((pod) =>
      pod.workload === undefined
        ? []
        : [[`${pod.namespace} ${pod.workload.kind} ${pod.workload.name}`, pod] as const],
    ),
  );
}

function ownerKey({ namespace, owner }: Pod): string | undefined {
  return owner === undefined ? undefined : `${namespace} ${owner.kind} ${owner.name}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byKey = (pods: readonly Pod[]): readonly Pod[] =>
  [...pods].sort((a, b) => compare(podKey(a), podKey(b)));
