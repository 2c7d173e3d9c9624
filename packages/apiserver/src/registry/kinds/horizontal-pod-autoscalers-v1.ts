import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord } from "../../json.ts";
import { viewEntry } from "./entry.ts";
import { horizontalPodAutoscalers } from "./horizontal-pod-autoscalers.ts";

/** Where v1 keeps what it has no fields for, as JSON: in the form of v2 here. */
const metricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
const behaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior";

/** autoscaling/v1: the autoscalers of v2, which `kubectl autoscale` before 1.36 makes in this form. */
export const horizontalPodAutoscalersV1 = viewEntry(
  { group: "autoscaling", version: "v1" },
  { of: horizontalPodAutoscalers, toStored, toShown },
);

function toStored({ spec, status, metadata, ...rest }: ApiObject): ApiObject {
  const { targetCPUUtilizationPercentage: percent, ...same } = asRecord(spec);
  const { currentCPUUtilizationPercentage: current, ...counts } = asRecord(status);
  const {
    [metricsAnnotation]: metrics,
    [behaviorAnnotation]: behavior,
    ...annotations
  } = metadata.annotations ?? {};
  const others = asList(parsed(metrics));
  const all = typeof percent === "number" ? [cpuTarget(percent), ...others] : others;
  const kept = Object.keys(annotations).length > 0 ? { annotations } : {};
  const { annotations: _, ...meta } = metadata;
  return {
    ...rest,
    apiVersion: "autoscaling/v2",
    metadata: { ...meta, ...kept },
    spec: {
      ...same,
      ...(all.length > 0 ? { metrics: all } : {}),
      ...(behavior === undefined ? {} : { behavior: parsed(behavior) }),
    },
    ...(status === undefined
      ? {}
      : {
          status: {
            ...counts,
            ...(typeof current === "number" ? { currentMetrics: [cpuNow(current)] } : {}),
          },
        }),
  };
}

function toShown({ spec, status, metadata, ...rest }: ApiObject): ApiObject {
  const { metrics, behavior, ...same } = asRecord(spec);
  const { currentMetrics, conditions: _, ...counts } = asRecord(status);
  const cpu = asList(metrics).find((metric) => cpuPercent(metric, "target") !== undefined);
  const others = asList(metrics).filter((metric) => metric !== cpu);
  const current = asList(currentMetrics).map((metric) => cpuPercent(metric, "current"));
  const percentNow = current.find((percent) => percent !== undefined);
  const more = {
    ...(others.length > 0 ? { [metricsAnnotation]: JSON.stringify(others) } : {}),
    ...(behavior === undefined ? {} : { [behaviorAnnotation]: JSON.stringify(behavior) }),
  };
  const annotated = Object.keys(more).length > 0 ? { annotations: { ...metadata.annotations, ...more } } : {};
  return {
    ...rest,
    apiVersion: "autoscaling/v1",
    metadata: { ...metadata, ...annotated },
    spec: {
      ...same,
      ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpuPercent(cpu, "target") }),
    },
    ...(status === undefined
      ? {}
      : {
          status: {
            ...{ currentReplicas: 0, desiredReplicas: 0 },
            ...counts,
            ...(percentNow === undefined ? {} : { currentCPUUtilizationPercentage: percentNow }),
          },
        }),
  };
}

const cpuTarget = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

const cpuNow = (averageUtilization: number) => ({
  type: "Resource",
  resource: { name: "cpu", current: { averageUtilization } },
});

/** The share of the processor that a metric is about, if that is what it is about. */
function cpuPercent(metric: unknown, part: "target" | "current"): number | undefined {
  const { type, resource } = asRecord(metric);
  const { name, [part]: value } = asRecord(resource);
  const { averageUtilization } = asRecord(value);
  return type === "Resource" && name === "cpu" && typeof averageUtilization === "number"
    ? averageUtilization
    : undefined;
}

/** What somebody wrote into an annotation is not always JSON. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
