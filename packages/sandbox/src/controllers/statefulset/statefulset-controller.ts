import { resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, onChildChange } from "../objects/children.ts";
import { isFinished, untilAvailable } from "../objects/pods.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import {
  type ControllerRevision,
  ControllerRevisions,
  revisionLabel,
} from "../revisions/controller-revisions.ts";
import { statefulPod } from "./stateful-pod.ts";
import { ordinalOf, type StatefulSet } from "./statefulset-object.ts";
import { statefulSetStatus } from "./statefulset-status.ts";

const volumesNotKept =
  "there are no persistent volumes here: each of volumeClaimTemplates is an empty directory that goes with its pod";

/** apps/v1 StatefulSet: pods with names that stay, made in order, given up and replaced in the reverse order. */
export function statefulSetController(context: ControllerContext): Controller {
  const { caches } = context;
  const tell = teller(context, "statefulset-controller");
  const sets = caches.of<StatefulSet>(resources.statefulsets);
  const pods = caches.of<PodObject>(resources.pods);
  const revisions = new ControllerRevisions(caches);
  const queue = queueFor(context, "statefulset", sync);
  indexByController(pods);
  onChildChange(sets, pods, (key) => queue.add(key));
  sets.onChange((now) => now !== undefined && queue.add(keyOf(now)));

  async function sync(key: string): Promise<void> {
    const set = sets.get(key);
    if (set === undefined) return;
    const known = await revisions.ensure(set);
    const update = known.at(-1);
    if (update === undefined) return;
    const current = known.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const owned = await claim(caches, set, resources.pods, candidatesFor(pods, set));
    if (!isDeleting(set)) {
      await step(set, byOrdinal(set, owned), current, update);
      await forget(set, known, owned);
    }
    const mine = pods.indexed("controller", set.metadata.uid ?? "");
    const status = statefulSetStatus(set, mine, current.metadata.name, update.metadata.name);
    await writeStatus(caches, resources.statefulsets, set, status);
    const waits = mine.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now()) ?? 0);
    const waiting = waits.filter((wait) => wait > 0);
    if (waiting.length > 0) queue.addAfter(key, Math.min(...waiting));
  }

  /** As far as it may go now: whatever has to be waited for brings us back when it has come about. */
  async function step(
    set: StatefulSet,
    present: ReadonlyMap<number, PodObject>,
    current: ControllerRevision,
    update: ControllerRevision,
  ): Promise<void> {
    const { replicas = 1, podManagementPolicy, ordinals } = set.spec;
    const start = ordinals?.start ?? 0;
    const ordered = podManagementPolicy !== "Parallel";
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    let settled = true;
    for (let ordinal = start; ordinal < start + replicas; ordinal++) {
      const pod = present.get(ordinal);
      if (pod !== undefined && isFinished(pod)) await remove(set, pod);
      if (pod === undefined) await create(set, ordinal, ordinal - start < partition ? current : update);
      if (pod !== undefined && isHealthy(set, pod)) continue;
      settled = false;
      if (ordered) return;
    }
    const condemned = [...present].filter(([ordinal]) => ordinal < start || ordinal >= start + replicas);
    for (const [, pod] of condemned.sort(([a], [b]) => b - a)) {
      await remove(set, pod);
      if (ordered) return;
    }
    if (settled && condemned.length === 0) await replaceOld(set, present, start + partition, update);
  }

  /** Of a rolling update: the last pod of an older revision goes, one at a time. */
  async function replaceOld(
    set: StatefulSet,
    present: ReadonlyMap<number, PodObject>,
    from: number,
    update: ControllerRevision,
  ): Promise<void> {
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    const old = [...present]
      .filter(
        ([ordinal, { metadata }]) =>
          ordinal >= from && metadata.labels?.[revisionLabel] !== update.metadata.name,
      )
      .sort(([a], [b]) => b - a)[0];
    if (old !== undefined) await remove(set, old[1]);
  }

  async function create(set: StatefulSet, ordinal: number, revision: ControllerRevision): Promise<void> {
    const object = statefulPod(set, ordinal, revision);
    const { name } = object.metadata;
    if ((set.spec.volumeClaimTemplates ?? []).length > 0 && ordinal === (set.spec.ordinals?.start ?? 0))
      tell(set, "Warning", "VolumesNotKept", volumesNotKept);
    const of = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
    try {
      await caches.create(resources.pods, object);
      tell(set, "Normal", "SuccessfulCreate", `${of} successful`);
    } catch (error) {
      tell(set, "Warning", "FailedCreate", `${of} failed error: ${(error as Error).message}`);
      throw error;
    }
  }

  async function remove(set: StatefulSet, pod: PodObject): Promise<void> {
    if (isDeleting(pod)) return;
    await caches.delete(resources.pods, pod);
    const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    tell(set, "Normal", "SuccessfulDelete", message);
  }

  async function forget(
    set: StatefulSet,
    known: readonly ControllerRevision[],
    owned: readonly PodObject[],
  ): Promise<void> {
    const names = new Set([
      set.status?.currentRevision,
      ...owned.map(({ metadata }) => metadata.labels?.[revisionLabel]),
    ]);
    const used = known.filter(({ metadata }) => names.has(metadata.name));
    await revisions.forget(
      set,
      known,
      new Set(used.map(({ metadata }) => metadata.labels?.[revisionLabel] ?? "")),
    );
  }

  return queue;
}

function byOrdinal(set: StatefulSet, pods: readonly PodObject[]): ReadonlyMap<number, PodObject> {
  return new Map(
    pods.flatMap((pod) => {
      const ordinal = ordinalOf(set, pod);
      return ordinal === undefined ? [] : [[ordinal, pod] as const];
    }),
  );
}

/** Ready for long enough, and not on its way out. */
function isHealthy(set: StatefulSet, pod: PodObject): boolean {
  return (
    pod.status?.phase === "Running" &&
    !isDeleting(pod) &&
    untilAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now()) === 0
  );
}
