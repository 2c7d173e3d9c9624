import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, withDefaults } from "../../json.ts";
import type { ResourceDef } from "../resource-def.ts";
import { podColumns } from "./columns/pod-columns.ts";
import { withHostPorts, withPodSpecDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { admitPod, type Lookup } from "./pod-admission/admit-pod.ts";
import { withTolerations } from "./pod-admission/tolerations.ts";
import { podSpecErrors } from "./validation/pod-spec.ts";
import { podUpdateErrors } from "./validation/pod-update.ts";

const specField = (field: string) => (pod: ApiObject) => asString(asRecord(pod.spec)[field]);
const statusField = (field: string) => (pod: ApiObject) => asString(asRecord(pod.status)[field]);

/** core/v1 Pod. A new one is Pending whatever the client says; from there its status is the node's to write. */
export function pods(lookup: Lookup): ResourceDef {
  return kindEntry({ ...entry, prepareCreate: (pod) => admitPod(pod, lookup) });
}

const entry = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  subresources: ["status", "exec", "attach", "portforward", "proxy", "log", "eviction", "binding"],
  behaviour: "full",
  columns: podColumns,
  countsGeneration: true,
  selectableFields: {
    "spec.nodeName": specField("nodeName"),
    "spec.restartPolicy": specField("restartPolicy"),
    "spec.schedulerName": specField("schedulerName"),
    "spec.serviceAccountName": specField("serviceAccountName"),
    "spec.hostNetwork": ({ spec }) => String(asRecord(spec).hostNetwork === true),
    "status.phase": statusField("phase"),
    "status.podIP": statusField("podIP"),
    "status.podIPs": ({ status }) =>
      asList(asRecord(status).podIPs)
        .map((each) => asString(asRecord(each).ip))
        .join(","),
    "status.nominatedNodeName": statusField("nominatedNodeName"),
  },
  defaults,
  validate: (value) => [...validateObject(value), ...podSpecErrors(asRecord(asRecord(value).spec), "spec")],
  validateUpdate: podUpdateErrors,
  prepareUpdate: (pod) => ({ ...pod, spec: withTolerations(asRecord(pod.spec)) }),
  deletionGraceSeconds,
} as const satisfies Partial<ResourceDef>;

function defaults(pod: ApiObject): ApiObject {
  const spec = withHostPorts(withPodSpecDefaults(asRecord(pod.spec)));
  return { ...pod, spec: withDefaults(spec, { enableServiceLinks: true }) };
}

/** As long as its spec says unless the client says otherwise; a pod that no node runs has nothing to end. */
function deletionGraceSeconds({ spec, status }: ApiObject, asked: number | undefined): number {
  const { nodeName, terminationGracePeriodSeconds } = asRecord(spec);
  const { phase } = asRecord(status);
  if (asString(nodeName) === "" || phase === "Succeeded" || phase === "Failed") return 0;
  if (asked !== undefined) return asked;
  return typeof terminationGracePeriodSeconds === "number" ? terminationGracePeriodSeconds : 30;
}
