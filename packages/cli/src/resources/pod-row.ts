import type { KubeObject } from "@portcullis/kube";
import { formatAge } from "../text/age.ts";

interface PodFields {
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly unknown[] };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly containerStatuses?: readonly {
      readonly ready?: boolean;
      readonly restartCount?: number;
      readonly state?: {
        readonly waiting?: { readonly reason?: string };
        readonly terminated?: { readonly reason?: string };
      };
    }[];
  };
}

export const podHeaders = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"] as const;
export const podWideHeaders = ["IP", "NODE"] as const;

/** The cells of `kubectl get pods -o wide`; the last two are the wide ones. */
export function podRow(pod: KubeObject, now: number): string[] {
  const { spec, status } = pod as KubeObject & PodFields;
  const containers = status?.containerStatuses ?? [];
  const ready = containers.filter((container) => container.ready === true).length;
  const restarts = containers.reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
  return [
    pod.metadata.name,
    `${ready}/${spec?.containers?.length ?? containers.length}`,
    podStatus(pod),
    String(restarts),
    formatAge(pod.metadata.creationTimestamp, now),
    podAddresses(pod).join(",") || "<none>",
    spec?.nodeName ?? "<none>",
  ];
}

/** What holds the pod up if anything does, else its phase. */
function podStatus(pod: KubeObject): string {
  const { status } = pod as KubeObject & PodFields;
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const { state } of status?.containerStatuses ?? []) {
    const reason = state?.waiting?.reason ?? state?.terminated?.reason;
    if (reason !== undefined) return reason;
  }
  return status?.reason ?? status?.phase ?? "Pending";
}

/** The pod's addresses as its status gives them, the main one first. */
export function podAddresses(pod: KubeObject): string[] {
  const { status } = pod as KubeObject & PodFields;
  const all = status?.podIPs?.map(({ ip }) => ip) ?? [];
  return all.length > 0 || status?.podIP === undefined ? all : [status.podIP];
}
