import { asList, asRecord } from "../../../json.ts";

type Fields = Readonly<Record<string, unknown>>;

const counted = ["cpu", "memory"];

/** Guaranteed: every container requests what it is limited to. BestEffort: none says anything. Burstable: the rest. */
export function qosClass(spec: Fields): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...asList(spec.containers), ...asList(spec.initContainers)].map((container) => {
    const { requests, limits } = asRecord(asRecord(container).resources);
    return { requests: asRecord(requests), limits: asRecord(limits) };
  });
  const says = (amounts: Fields) => counted.some((resource) => amounts[resource] !== undefined);
  if (!containers.some(({ requests, limits }) => says(requests) || says(limits))) return "BestEffort";
  const guaranteed = containers.every(({ requests, limits }) =>
    counted.every((resource) => limits[resource] !== undefined && requests[resource] === limits[resource]),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
