import { type KubeObject, type Reflection, reflect, resources } from "@portcullis/kube";
import type { Controller, ControllerContext } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";

/** How long an Event is kept after its last change, as kube-apiserver's `--event-ttl`. */
const defaultKeptMs = 3_600_000;

/** Deletes Events that nothing was added to for an hour. One timer, set for the oldest. */
export function eventExpiry({ client, log }: ControllerContext, keptMs = defaultKeptMs): Controller {
  const abort = new AbortController();
  /** Those that changed longest ago come first. */
  const kept = new Map<string, { readonly event: KubeObject; readonly until: number }>();
  let timer: NodeJS.Timeout | undefined;

  function take(reflection: Reflection): void {
    if (reflection.type === "delete") kept.delete(keyOf(reflection.object));
    else
      for (const event of reflection.type === "sync" ? byAge(reflection.objects) : [reflection.object])
        keep(event);
    arm();
  }

  function keep(event: KubeObject): void {
    const { name, namespace, uid } = event.metadata;
    const key = keyOf(event);
    kept.delete(key);
    const slim = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) },
    };
    kept.set(key, { event: slim, until: lastChange(event) + keptMs });
  }

  function arm(): void {
    if (timer !== undefined || abort.signal.aborted) return;
    const [oldest] = kept.values();
    if (oldest === undefined) return;
    timer = setTimeout(() => void expire(), Math.max(0, oldest.until - Date.now())).unref();
  }

  async function expire(): Promise<void> {
    for (const [key, { event, until }] of kept) {
      if (until > Date.now() || abort.signal.aborted) break;
      kept.delete(key);
      const { name, namespace, uid } = event.metadata;
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      await client.delete(resources.events, name, namespace, preconditions).catch(() => {});
    }
    timer = undefined;
    arm();
  }

  return {
    start() {
      const onError = (error: unknown) => log(`events: ${String(error)}`);
      void reflect(client, resources.events, take, abort.signal, { onError });
    },
    stop() {
      abort.abort();
      clearTimeout(timer);
    },
  };
}

function byAge(events: readonly KubeObject[]): readonly KubeObject[] {
  return [...events].sort((a, b) => lastChange(a) - lastChange(b));
}

function lastChange(event: KubeObject): number {
  const { lastTimestamp, eventTime } = event as { lastTimestamp?: string; eventTime?: string };
  return Date.parse(lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp ?? "") || Date.now();
}
