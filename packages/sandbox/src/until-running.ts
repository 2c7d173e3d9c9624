import { type KubeClient, type KubeObject, resources } from "@portcullis/kube";
import type { PodRef } from "./contract.ts";
import { SandboxError } from "./error.ts";

const defaultTimeoutMs = 30_000;

/** Reasons that waiting does not mend. */
const hopeless = new Set(["ImagePullBackOff", "CreateContainerConfigError", "CrashLoopBackOff"]);

type ContainerStatus = NonNullable<Status["containerStatuses"]>[number];

interface Status {
  readonly phase?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly state?: {
      readonly waiting?: { readonly reason?: string; readonly message?: string };
      readonly terminated?: { readonly reason?: string; readonly message?: string };
    };
    readonly lastState?: { readonly terminated?: { readonly message?: string } };
  }[];
  readonly initContainerStatuses?: Status["containerStatuses"];
}

/**
 * Resolves when all the pods are Running and ready.
 * @throws SandboxError `pod` with the pod's own reason when one cannot run, is deleted, or takes too long.
 */
export async function untilRunning(
  client: KubeClient,
  pods: readonly PodRef[],
  timeoutMs: number = defaultTimeoutMs,
): Promise<void> {
  const waiting = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, "does not exist"]));
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const { items, resourceVersion } = await client.list(resources.pods);
    for (const pod of items) look(pod, waiting);
    if (waiting.size === 0) return;
    for await (const { type, object } of client.watch(resources.pods, {
      resourceVersion,
      signal: abort.signal,
    })) {
      if (type === "DELETED" && waiting.has(keyOf(object)))
        throw new SandboxError("pod", `pod ${keyOf(object)} was deleted`);
      if (type === "ADDED" || type === "MODIFIED") look(object, waiting);
      if (waiting.size === 0) return;
    }
    throw late(waiting, timeoutMs);
  } catch (error) {
    if (abort.signal.aborted) throw late(waiting, timeoutMs);
    throw error;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? "default"}/${metadata.name}`;

function look(pod: KubeObject, waiting: Map<string, string>): void {
  const key = keyOf(pod);
  if (!waiting.has(key)) return;
  const status = (pod.status ?? {}) as Status;
  if (status.conditions?.some((each) => each.type === "Ready" && each.status === "True")) {
    waiting.delete(key);
    return;
  }
  for (const container of status.initContainerStatuses ?? []) throwIfHopeless(key, container);
  for (const container of status.containerStatuses ?? []) {
    throwIfHopeless(key, container);
    const { name, state } = container;
    const ended = state?.terminated;
    if (ended !== undefined) {
      const words = [ended.reason, ended.message].filter((text) => text).join(": ");
      throw new SandboxError("pod", `pod ${key} has ended: container ${name}: ${words}`);
    }
  }
  if (status.reason === "NetworkNotReady") throw new SandboxError("pod", `pod ${key}: ${status.message}`);
  waiting.set(key, status.phase === "Running" ? "runs and is not ready" : `is ${status.phase ?? "Pending"}`);
}

function throwIfHopeless(key: string, { name, state, lastState }: ContainerStatus): void {
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (!hopeless.has(reason)) return;
  // Why it crashed is what it said last; that it is being waited for is in the message.
  const words = [reason, message, lastState?.terminated?.message].filter((text) => text).join(": ");
  throw new SandboxError("pod", `pod ${key} cannot run: container ${name}: ${words}`);
}

function late(waiting: ReadonlyMap<string, string>, timeoutMs: number): SandboxError {
  const words = [...waiting].map(([key, state]) => `pod ${key} ${state}`).join(", ");
  return new SandboxError("pod", `after ${timeoutMs / 1000} s: ${words}`);
}
