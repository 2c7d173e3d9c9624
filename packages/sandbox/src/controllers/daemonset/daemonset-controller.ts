import { type KubeObject, resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, onChildChange } from "../objects/children.ts";
import { podFromTemplate } from "../objects/pod-from-template.ts";
import { byDeletionRank, isFinished, isReady, untilAvailable } from "../objects/pods.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import { ControllerRevisions, hashOf, revisionLabel } from "../revisions/controller-revisions.ts";
import type { DaemonSet } from "./daemonset-object.ts";

/** apps/v1 DaemonSet: a pod on each node that its template fits on. */
export function daemonSetController(context: ControllerContext): Controller {
  const { caches } = context;
  const tell = teller(context, "daemonset-controller");
  const sets = caches.of<DaemonSet>(resources.daemonsets);
  const pods = caches.of<PodObject>(resources.pods);
  const nodes = caches.of(resources.nodes);
  const revisions = new ControllerRevisions(caches);
  const queue = queueFor(context, "daemonset", sync);
  indexByController(pods);
  onChildChange(sets, pods, (key) => queue.add(key));
  sets.onChange((now) => now !== undefined && queue.add(keyOf(now)));
  nodes.onChange((now, before) => {
    if (JSON.stringify(now?.metadata.labels) === JSON.stringify(before?.metadata.labels)) return;
    for (const set of sets.list()) queue.add(keyOf(set));
  });

  async function sync(key: string): Promise<void> {
    const set = sets.get(key);
    if (set === undefined) return;
    const known = await revisions.ensure(set);
    const current = known.at(-1);
    const hash = current === undefined ? "" : hashOf(current);
    const owned = await claim(caches, set, resources.pods, candidatesFor(pods, set));
    const places = nodes.list().filter((node) => fits(set, node));
    if (!isDeleting(set)) {
      await place(set, owned, places, hash);
      await replaceOld(set, owned, places, hash);
      await revisions.forget(
        set,
        known,
        new Set(owned.map((pod) => pod.metadata.labels?.[revisionLabel] ?? "")),
      );
    }
    await tellStatus(key, set, places, hash);
  }

  /** One pod a node: missing ones are made; finished ones, surplus ones and those on nodes that do not fit are given up. */
  async function place(
    set: DaemonSet,
    owned: readonly PodObject[],
    places: readonly KubeObject[],
    hash: string,
  ): Promise<void> {
    const names = new Set(places.map(({ metadata }) => metadata.name));
    for (const pod of owned.filter(({ spec }) => !names.has(spec.nodeName ?? ""))) await remove(set, pod);
    for (const name of names) {
      const here = owned.filter(({ spec }) => spec.nodeName === name);
      const alive = here.filter((pod) => !isFinished(pod));
      for (const pod of here.filter(isFinished)) await remove(set, pod);
      const staying = alive.filter((pod) => !isDeleting(pod)).sort(byDeletionRank);
      for (const pod of staying.slice(0, -1)) await remove(set, pod);
      if (here.length === 0) await create(set, name, hash);
    }
  }

  /** Of a rolling update: old pods that are not available go at once, others as far as maxUnavailable lets them. */
  async function replaceOld(
    set: DaemonSet,
    owned: readonly PodObject[],
    places: readonly KubeObject[],
    hash: string,
  ): Promise<void> {
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    const available = (pod: PodObject) =>
      !isDeleting(pod) && untilAvailable(pod, set.spec.minReadySeconds ?? 0, Date.now()) === 0;
    const old = owned.filter((pod) => pod.metadata.labels?.[revisionLabel] !== hash && !isDeleting(pod));
    // With as many nodes as here, one, every share of them is one.
    let budget = 1 - (places.length - owned.filter(available).length);
    for (const pod of old) {
      if (available(pod) && budget-- <= 0) continue;
      await remove(set, pod);
    }
  }

  async function create(set: DaemonSet, nodeName: string, hash: string): Promise<void> {
    const object = podFromTemplate(set, set.spec.template, {
      labels: { [revisionLabel]: hash, "pod-template-generation": String(set.metadata.generation ?? 1) },
      spec: { nodeName },
    });
    try {
      const pod = await caches.create(resources.pods, object);
      tell(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      tell(set, "Warning", "FailedCreate", `Error creating: ${(error as Error).message}`);
      throw error;
    }
  }

  async function remove(set: DaemonSet, pod: PodObject): Promise<void> {
    if (isDeleting(pod)) return;
    await caches.delete(resources.pods, pod);
    tell(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
  }

  async function tellStatus(key: string, set: DaemonSet, places: readonly KubeObject[], hash: string) {
    const now = Date.now();
    const names = new Set(places.map(({ metadata }) => metadata.name));
    const mine = pods.indexed("controller", set.metadata.uid ?? "").filter((pod) => !isDeleting(pod));
    const right = mine.filter(({ spec }) => names.has(spec.nodeName ?? ""));
    const waits = right.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0, now));
    const available = waits.filter((wait) => wait === 0).length;
    await writeStatus(caches, resources.daemonsets, set, {
      currentNumberScheduled: right.length,
      numberMisscheduled: mine.length - right.length,
      desiredNumberScheduled: names.size,
      numberReady: right.filter(isReady).length,
      observedGeneration: set.metadata.generation ?? 0,
      updatedNumberScheduled: right.filter((pod) => pod.metadata.labels?.[revisionLabel] === hash).length,
      numberAvailable: available,
      numberUnavailable: names.size - available,
    });
    const waiting = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    if (waiting.length > 0) queue.addAfter(key, Math.min(...waiting));
  }

  return queue;
}

function fits({ spec }: DaemonSet, node: KubeObject): boolean {
  const wanted = (spec.template.spec?.nodeSelector ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(wanted).every(([key, value]) => node.metadata.labels?.[key] === value);
}
