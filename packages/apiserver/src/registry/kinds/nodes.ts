import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString } from "../../json.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { conditionStatus } from "./columns/conditions.ts";
import { kindEntry } from "./entry.ts";

/** core/v1 Node. */
export const nodes = kindEntry({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  subresources: ["status"],
  behaviour: "full",
  columns: [
    nameColumn,
    text("Status", "Whether the node is ready, and whether pods are scheduled to it.", statusOf),
    text("Roles", "Roles of the node, from its labels.", rolesOf),
    ageColumn,
    text("Version", "Version of the kubelet.", (node) => infoOf(node, "kubeletVersion")),
    text("Internal-IP", "Address inside the cluster.", (node) => addressOf(node, "InternalIP"), {
      wide: true,
    }),
    text("External-IP", "Address for the outside.", (node) => addressOf(node, "ExternalIP"), { wide: true }),
    text("OS-Image", "Operating system.", (node) => orUnknown(infoOf(node, "osImage")), { wide: true }),
    text("Kernel-Version", "Version of the kernel.", (node) => orUnknown(infoOf(node, "kernelVersion")), {
      wide: true,
    }),
    text(
      "Container-Runtime",
      "What runs containers, and its version.",
      (node) => orUnknown(infoOf(node, "containerRuntimeVersion")),
      { wide: true },
    ),
  ],
  selectableFields: {
    "spec.unschedulable": ({ spec }) => String(asRecord(spec).unschedulable === true),
  },
  validate: validateObject,
});

function statusOf({ spec, status }: ApiObject): string {
  const ready = conditionStatus(status, "Ready");
  const state = ready === undefined ? "Unknown" : ready === "True" ? "Ready" : "NotReady";
  return asRecord(spec).unschedulable === true ? `${state},SchedulingDisabled` : state;
}

function rolesOf({ metadata }: ApiObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key !== prefix) return [key.slice(prefix.length)];
    return key === "kubernetes.io/role" && value !== "" ? [value] : [];
  });
  return roles.length === 0 ? "<none>" : [...new Set(roles)].sort().join(",");
}

function addressOf({ status }: ApiObject, type: string): string {
  const addresses = asList(asRecord(status).addresses).map(asRecord);
  return asString(addresses.find((each) => each.type === type)?.address) || "<none>";
}

function infoOf({ status }: ApiObject, field: string): string {
  return asString(asRecord(asRecord(status).nodeInfo)[field]);
}

function orUnknown(value: string): string {
  return value === "" ? "<unknown>" : value;
}
