import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, nameColumn, orNone, text } from "./columns.ts";
import { conditionStatus } from "./conditions.ts";
import { since } from "./duration.ts";
import { podSummary } from "./pod-summary.ts";

/** What `kubectl get pods` shows. */
export const podColumns: readonly Column[] = [
  nameColumn,
  text("Ready", "Containers that are ready, of all.", (pod) => {
    const { ready, total } = podSummary(pod);
    return `${ready}/${total}`;
  }),
  text(
    "Status",
    "Phase of the pod, or the reason why a container does not run.",
    (pod) => podSummary(pod).status,
  ),
  text("Restarts", "How often containers were started again, and when last.", (pod, now) => {
    const { restarts, lastRestart } = podSummary(pod);
    return restarts > 0 && lastRestart !== ""
      ? `${restarts} (${since(lastRestart, now)} ago)`
      : `${restarts}`;
  }),
  ageColumn,
  text(
    "IP",
    "First address of the pod.",
    ({ status }) => orNone(asRecord(asList(asRecord(status).podIPs)[0]).ip),
    {
      wide: true,
    },
  ),
  text("Node", "Node that the pod runs on.", ({ spec }) => orNone(asRecord(spec).nodeName), { wide: true }),
  text(
    "Nominated Node",
    "Node that is being made free for the pod.",
    ({ status }) => orNone(asRecord(status).nominatedNodeName),
    { wide: true },
  ),
  text("Readiness Gates", "Readiness gates that are met, of all.", readinessGates, { wide: true }),
];

function readinessGates({ spec, status }: ApiObject): string {
  const gates = asList(asRecord(spec).readinessGates).map((gate) => asRecord(gate).conditionType);
  if (gates.length === 0) return "<none>";
  const met = gates.filter((gate) => conditionStatus(status, asString(gate)) === "True");
  return `${met.length}/${gates.length}`;
}
