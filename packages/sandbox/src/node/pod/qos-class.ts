import { parseQuantity } from "@portcullis/apiserver/quantity";
import type { RawContainer, RawPodSpec } from "./raw-pod.ts";

/** status.qosClass, as "Configure Quality of Service for Pods" defines it. */
export function qosClass({
  containers,
  initContainers = [],
}: RawPodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  const all = [...containers, ...initContainers];
  if (all.every((container) => resourcesOf(container).every(({ request, limit }) => request + limit === 0)))
    return "BestEffort";
  const fixed = all.every((container) =>
    resourcesOf(container).every(({ request, limit }) => limit > 0 && (request === 0 || request === limit)),
  );
  return fixed ? "Guaranteed" : "Burstable";
}

const resourcesOf = ({ resources = {} }: RawContainer) =>
  ["cpu", "memory"].map((name) => ({
    request: parseQuantity(resources.requests?.[name]) ?? 0,
    limit: parseQuantity(resources.limits?.[name]) ?? 0,
  }));
