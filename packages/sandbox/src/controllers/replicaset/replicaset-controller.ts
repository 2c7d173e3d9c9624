import { resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { slowStart } from "../framework/slow-start.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, onChildChange } from "../objects/children.ts";
import { podFromTemplate } from "../objects/pod-from-template.ts";
import { byDeletionRank, isActive, untilAvailable } from "../objects/pods.ts";
import { isDeleting, type PodObject, type ReplicaSet } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import { replicaSetStatus } from "./replicaset-status.ts";

/** How many pods one step makes or gives up at most. */
const burst = 500;

/** apps/v1 ReplicaSet: as many pods as asked for, made and given up one by one. */
export function replicaSetController(context: ControllerContext): Controller {
  const { caches } = context;
  const sets = caches.of<ReplicaSet>(resources.replicasets);
  const pods = caches.of<PodObject>(resources.pods);
  const tell = teller(context, "replicaset-controller");
  const queue = queueFor(context, "replicaset", sync);
  indexByController(pods);
  onChildChange(sets, pods, (key) => queue.add(key));
  sets.onChange((now) => now !== undefined && queue.add(keyOf(now)));

  async function sync(key: string): Promise<void> {
    const set = sets.get(key);
    if (set === undefined) return;
    const claimed = await claim(caches, set, resources.pods, candidatesFor(pods, set));
    const failure = isDeleting(set) ? undefined : await scale(set, claimed.filter(isActive));
    const mine = pods.indexed("controller", set.metadata.uid ?? "").filter(isActive);
    const status = replicaSetStatus(set, mine, failure);
    await writeStatus(caches, resources.replicasets, set, status);
    lookAgain(key, set, mine);
    if (failure !== undefined) throw failure.error;
  }

  /** What went wrong, if anything did. */
  async function scale(set: ReplicaSet, active: readonly PodObject[]) {
    const difference = (set.spec.replicas ?? 1) - active.length;
    try {
      if (difference > 0) await slowStart(Array(Math.min(difference, burst)).fill(set), create);
      else await remove(set, active, Math.min(-difference, burst));
      return undefined;
    } catch (error) {
      return { reason: difference > 0 ? "FailedCreate" : "FailedDelete", error: error as Error };
    }
  }

  async function create(set: ReplicaSet): Promise<void> {
    try {
      const pod = await caches.create(resources.pods, podFromTemplate(set, set.spec.template));
      tell(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      tell(set, "Warning", "FailedCreate", `Error creating: ${(error as Error).message}`);
      throw error;
    }
  }

  async function remove(set: ReplicaSet, active: readonly PodObject[], count: number): Promise<void> {
    const doomed = [...active].sort(byDeletionRank).slice(0, count);
    await Promise.all(
      doomed.map(async (pod) => {
        await caches.delete(resources.pods, pod);
        tell(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
      }),
    );
  }

  /** A pod becomes available by the mere passing of time. */
  function lookAgain(key: string, { spec }: ReplicaSet, mine: readonly PodObject[]): void {
    const now = Date.now();
    const waits = mine
      .map((pod) => untilAvailable(pod, spec.minReadySeconds ?? 0, now) ?? 0)
      .filter((wait) => wait > 0);
    if (waits.length > 0) queue.addAfter(key, Math.min(...waits));
  }

  return queue;
}
