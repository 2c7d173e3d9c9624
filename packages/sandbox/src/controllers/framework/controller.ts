import type { KubeClient, KubeObject, Resource } from "@portcullis/kube";
import { EventRecorder } from "../../events/recorder.ts";
import type { Caches } from "./caches.ts";
import { WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

/** What every controller has. */
export interface ControllerContext {
  readonly client: KubeClient;
  readonly caches: Caches;
  /** The kinds that the API serves. */
  readonly kinds: () => readonly Resource[];
  readonly log: (line: string) => void;
}

/** Something that keeps a kind of object as it was asked to be. Made before the caches are filled. */
export interface Controller {
  /** The caches are filled: work. */
  start(): void;
  stop(): void;
}

/** Says what a controller did to an object, as an Event of it. */
export type Tell = (about: KubeObject, type: "Normal" | "Warning", reason: string, message: string) => void;

export function teller({ client, log }: ControllerContext, component: string): Tell {
  const recorder = new EventRecorder(client, component, undefined, log);
  return (about, type, reason, message) => recorder.record(about, type, reason, message);
}

export function queueFor(
  context: ControllerContext,
  name: string,
  sync: (key: string) => Promise<void>,
  options: Omit<WorkQueueOptions, "log"> = {},
): WorkQueue {
  return new WorkQueue(name, sync, { ...options, log: context.log });
}
