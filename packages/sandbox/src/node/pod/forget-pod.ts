import { setTimeout as sleep } from "node:timers/promises";
import { isReason, type KubeClient, resources } from "@portcullis/kube";
import { podKey, type RawPod } from "./raw-pod.ts";

/** Tells the API that nothing of a deleted pod is left, so that it can forget it. Tries until the API has heard. */
export async function forgetPod(client: KubeClient, pod: RawPod, log: (line: string) => void): Promise<void> {
  const { name, namespace = "default", uid } = pod.metadata;
  const options = { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { preconditions: { uid } }) };
  for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      await client.delete(resources.pods, name, namespace, options);
      return;
    } catch (error) {
      // Forgotten already, and its name perhaps another pod's by now.
      if (isReason(error, "NotFound") || isReason(error, "Conflict")) return;
      log(`deletion of pod ${podKey(pod)}: ${String(error)}`);
      await sleep(wait);
    }
  }
}
