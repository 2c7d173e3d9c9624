import { podKey } from "../cluster/pod-entry.ts";
import type { OwnerRef, Pod } from "../model/objects.ts";

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
 * a live cluster; unless pods are compared one by one, a pod that a workload made is also any other that it made, those
 * with the same labels first.
 */
export function matchPods(before: readonly Pod[], after: readonly Pod[], byPod = false): MatchedPods {
  const old = new Map(before.map((pod) => [podKey(pod), pod]));
  const present = new Map(after.map((pod) => [podKey(pod), pod]));
  const common: PodPair[] = [];
  for (const [key, pod] of present) {
    const was = old.get(key);
    if (was !== undefined) common.push({ before: was, after: pod });
  }
  const [lost, gained] = [missing(old, present), missing(present, old)];
  const [oldPeers, newPeers] = [counterparts(before, byPod), counterparts(after, byPod)];
  for (const pod of gained) {
    const was = oldPeers(pod);
    if (was !== undefined) common.push({ before: was, after: pod });
  }
  const found = new Set(common.map((pair) => pair.before));
  for (const pod of lost) {
    const is = found.has(pod) ? undefined : newPeers(pod);
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

/** What in a state corresponds to a pod of the other state, where none has its name. */
function counterparts(pods: readonly Pod[], byPod: boolean): (pod: Pod) => Pod | undefined {
  const written = new Map<string, Pod>();
  const made = new Queues();
  for (const pod of pods) {
    const { workload, owner } = pod;
    if (workload !== undefined) written.set(makerKey(pod, workload), pod);
    if (owner === undefined) continue;
    made.put(makerKey(pod, owner), pod);
    made.put(`${makerKey(pod, owner)} ${ownLabels(pod)}`, pod);
  }
  return (pod) => {
    const { workload, owner } = pod;
    const maker = workload ?? owner;
    if (maker === undefined) return undefined;
    const key = makerKey(pod, maker);
    if (owner !== undefined && written.has(key)) return written.get(key);
    if (workload === undefined && byPod) return undefined;
    return made.take(`${key} ${ownLabels(pod)}`) ?? made.take(key);
  };
}

/** Gives out pods by key in turn; when all were given, the last one again. */
class Queues {
  readonly #queues = new Map<string, { readonly pods: Pod[]; next: number }>();

  put(key: string, pod: Pod): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, { pods: [pod], next: 0 });
    else queue.pods.push(pod);
  }

  take(key: string): Pod | undefined {
    const queue = this.#queues.get(key);
    if (queue === undefined) return undefined;
    const pod = queue.pods[queue.next];
    if (queue.next < queue.pods.length - 1) queue.next++;
    return pod;
  }
}

const makerKey = ({ namespace }: Pod, { kind, name }: OwnerRef): string => `${namespace} ${kind} ${name}`;

/** What a controller adds, and changes with every new template, tells nothing. */
const controllersLabels: ReadonlySet<string> = new Set(["pod-template-hash", "controller-revision-hash"]);

function ownLabels({ labels }: Pod): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([key]) => !controllersLabels.has(key))
      .sort(([a], [b]) => compare(a, b)),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byKey = (pods: readonly Pod[]): readonly Pod[] =>
  [...pods].sort((a, b) => compare(podKey(a), podKey(b)));
