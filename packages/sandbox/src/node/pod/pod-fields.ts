import { cpus, totalmem } from "node:os";
import { parseQuantity } from "@portcullis/apiserver/quantity";
import { clusterNetwork } from "../../cluster-network.ts";
import { ofThisMachine } from "../../ipv6.ts";
import type { RawContainer, RawPod, RawResourceFieldRef } from "./raw-pod.ts";

/** What the downward API can tell of a pod: fieldRef. Undefined for a path that it has not. */
export function podField(pod: RawPod, path: string, addresses: readonly string[]): string | undefined {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === "labels" ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ""] ?? "";
  }
  const nodeAddresses = ofThisMachine(clusterNetwork.nodeAddresses);
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace ?? "default",
    "metadata.uid": metadata.uid ?? "",
    "metadata.labels": pairs(metadata.labels),
    "metadata.annotations": pairs(metadata.annotations),
    "spec.nodeName": spec.nodeName ?? "",
    "spec.serviceAccountName": spec.serviceAccountName ?? "default",
    "status.hostIP": nodeAddresses[0] ?? "",
    "status.hostIPs": nodeAddresses.join(","),
    "status.podIP": addresses[0] ?? "",
    "status.podIPs": addresses.join(","),
  };
  return Object.hasOwn(fields, path) ? fields[path] : undefined;
}

/** resourceFieldRef: a container's request or limit, in units of the divisor, rounded up. Without a limit, the node's. */
export function resourceField(
  pod: RawPod,
  { containerName, resource, divisor = 1 }: RawResourceFieldRef,
  own?: RawContainer,
): string | undefined {
  const { containers, initContainers = [] } = pod.spec;
  const named = [...containers, ...initContainers].find(({ name }) => name === containerName);
  const container = named ?? own;
  const [kind, name = ""] = resource.split(/\.(.*)/s);
  if (container === undefined || (kind !== "limits" && kind !== "requests")) return undefined;
  const { limits = {}, requests = {} } = container.resources ?? {};
  const given = kind === "limits" ? limits[name] : (requests[name] ?? limits[name]);
  const value = given === undefined ? (kind === "limits" ? ofNode(name) : 0) : (parseQuantity(given) ?? 0);
  // Rounded first to what no quantity is finer than: 0.1 / 0.001 is not 100 in binary.
  return String(Math.ceil(Number((value / (parseQuantity(divisor) || 1)).toPrecision(15))));
}

function ofNode(resource: string): number {
  if (resource === "cpu") return cpus().length;
  return resource === "memory" ? totalmem() : 0;
}

/** A line for each, sorted: `key="value"`, the value quoted as in Go. */
const pairs = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join("\n");
