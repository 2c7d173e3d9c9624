import { isReason, type KubeClient, type Reflection, reflect, resources } from "@portcullis/kube";
import { nodeName } from "../../cluster-network.ts";
import { timestamp } from "../../events/event-object.ts";
import type { EventRecorder } from "../../events/recorder.ts";
import { podKey, type RawPod } from "../pod/raw-pod.ts";
import { misfit, type RawNode } from "./node-fit.ts";

export interface SchedulerOptions {
  readonly client: KubeClient;
  readonly events: Pick<EventRecorder, "record">;
  readonly log: (line: string) => void;
}

/** Binds pods to the only node, unless something speaks against it; looks again when the node has changed. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #waiting = new Map<string, RawPod>();
  #node: RawNode | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(signal: AbortSignal): void {
    const handler = (event: Reflection) => {
      const nodes = event.type === "sync" ? event.objects : [event.object];
      const found = nodes.find(({ metadata }) => metadata.name === nodeName) as RawNode | undefined;
      if (found === undefined) return;
      this.#node = event.type === "delete" ? undefined : found;
      for (const pod of [...this.#waiting.values()]) this.schedule(pod);
    };
    void reflect(this.#options.client, resources.nodes, handler, signal);
  }

  /** A pod without a node, new or changed. */
  schedule(pod: RawPod): void {
    const { schedulerName = defaultScheduler, schedulingGates = [] } = pod.spec;
    this.#waiting.set(podKey(pod), pod);
    // Somebody else's, or not to be looked at yet.
    if (schedulerName !== defaultScheduler || schedulingGates.length > 0 || this.#node === undefined) return;
    const why = misfit(pod, this.#node);
    if (why === undefined) void this.#bind(pod);
    else void this.#refuse(pod, why);
  }

  /** It is gone, or has a node. */
  forget(key: string): void {
    this.#waiting.delete(key);
  }

  async #bind(pod: RawPod): Promise<void> {
    this.forget(podKey(pod));
    const { client, events, log } = this.#options;
    try {
      await client.update(resources.pods, { ...pod, spec: { ...pod.spec, nodeName } });
      const title = podKey(pod);
      events.record(pod, "Normal", "Scheduled", `Successfully assigned ${title} to ${nodeName}`);
    } catch (error) {
      // Changed meanwhile: the change comes as an event, and is bound then.
      if (isReason(error, "Conflict") || isReason(error, "NotFound")) return;
      log(`cannot bind pod ${podKey(pod)}: ${String(error)}`);
    }
  }

  async #refuse(pod: RawPod, why: string): Promise<void> {
    const preemption = "0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const message = `0/1 nodes are available: 1 ${why}. no new claims to deallocate, preemption: ${preemption}`;
    const told = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
    if (told?.message === message) return;
    const { client, events, log } = this.#options;
    events.record(pod, "Warning", "FailedScheduling", message);
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
    const lastTransitionTime = timestamp(new Date());
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime,
    };
    const status = { ...pod.status, conditions: [...others, condition] };
    try {
      await client.update(resources.pods, { ...pod, status }, "status");
    } catch (error) {
      if (isReason(error, "Conflict") || isReason(error, "NotFound")) return;
      log(`status of pod ${podKey(pod)}: ${String(error)}`);
    }
  }
}

const defaultScheduler = "default-scheduler";
