import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, sameJson, withDefaults } from "../../json.ts";
import type { FieldError, ResourceDef } from "../resource-def.ts";

/** core/v1 Pod. A new one is Pending whatever the client says; from there its status is the node's to write. */
export const pods: ResourceDef = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  behaviour: "full",
  columns: [],
  countsGeneration: true,
  selectableFields: {
    "spec.nodeName": (object) => asString(asRecord(object.spec).nodeName),
    "spec.restartPolicy": (object) => asString(asRecord(object.spec).restartPolicy),
    "spec.hostNetwork": (object) => String(asRecord(object.spec).hostNetwork === true),
    "spec.serviceAccountName": (object) => asString(asRecord(object.spec).serviceAccountName),
    "status.phase": (object) => asString(asRecord(object.status).phase),
    "status.podIP": (object) => asString(asRecord(object.status).podIP),
  },
  defaults,
  validate: validateObject,
  validateUpdate,
  prepareCreate: (object) => ({ ...object, status: { phase: "Pending" } }),
};

function defaults(pod: ApiObject): ApiObject {
  const spec = asRecord(pod.spec);
  const containers = asList(spec.containers).map((each) => withPortDefaults(each, spec.hostNetwork === true));
  const filled = withDefaults(spec, {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
  });
  return { ...pod, spec: { ...filled, containers } };
}

/** A port is TCP unless it says otherwise, and on the host's network it is the host's port too. */
function withPortDefaults(container: unknown, hostNetwork: boolean): unknown {
  const { ports, ...rest } = asRecord(container);
  if (!Array.isArray(ports)) return container;
  const filled = ports.map((port: unknown) => {
    const { containerPort } = asRecord(port);
    return withDefaults(asRecord(port), {
      protocol: "TCP",
      ...(hostNetwork ? { hostPort: containerPort } : {}),
    });
  });
  return { ...rest, ports: filled };
}

/** The spec without what may change; a node name may be given once, which is how a scheduler binds. */
function immutablePart(spec: Readonly<Record<string, unknown>>, nodeName: unknown): unknown {
  const withoutImages = (list: unknown) =>
    Array.isArray(list) ? list.map((each: unknown) => ({ ...asRecord(each), image: "" })) : undefined;
  return {
    ...spec,
    nodeName,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    terminationGracePeriodSeconds: undefined,
  };
}

function validateUpdate(pod: ApiObject, old: ApiObject): readonly FieldError[] {
  const oldSpec = asRecord(old.spec);
  const spec = asRecord(pod.spec);
  const nodeName = asString(oldSpec.nodeName) === "" ? undefined : oldSpec.nodeName;
  const named = nodeName === undefined ? undefined : spec.nodeName;
  if (sameJson(immutablePart(spec, named), immutablePart(oldSpec, nodeName))) return [];
  const message =
    "Forbidden: pod updates may not change fields other than `spec.containers[*].image`," +
    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing " +
    "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return [{ path: "spec", message, code: "forbidden" }];
}
