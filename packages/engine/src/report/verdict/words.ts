import type { Direction, NetworkPolicy, PolicyPort } from "../../model/network-policy.ts";
import type { SourceRange } from "../../model/source.ts";
import type { Endpoint, Flow } from "../../verdict/verdict.ts";

/** `default/frontend`, or the address of what is no pod. */
export function endpointName({ pod, address }: Endpoint): string {
  if (pod !== undefined) return `${pod.namespace}/${pod.name}`;
  return address?.text ?? "an unknown address";
}

/** `default/frontend (10.0.0.1)`. */
export function endpointWithAddress(endpoint: Endpoint): string {
  const { pod, address } = endpoint;
  const name = endpointName(endpoint);
  return pod !== undefined && address !== undefined ? `${name} (${address.text})` : name;
}

/** `on TCP 80`, `by ICMP`. */
export function onPort({ protocol, port }: Flow): string {
  return protocol === "ICMP" ? "by ICMP" : `on ${protocol} ${port}`;
}

/** `TCP 80`, `TCP 80-90`, `TCP "http"`, `any TCP port`. */
export function policyPortText({ protocol, port, endPort }: PolicyPort): string {
  if (port === undefined) return `any ${protocol} port`;
  if (typeof port === "string") return `port ${protocol} "${port}"`;
  return endPort === undefined || endPort === port
    ? `port ${protocol} ${port}`
    : `ports ${protocol} ${port}-${endPort}`;
}

/** `namespace/name`. */
export function policyName({ namespace, name }: NetworkPolicy): string {
  return `${namespace}/${name}`;
}

/** `egress[0]`. */
export function ruleName(direction: Direction, index: number): string {
  return `${direction === "Ingress" ? "ingress" : "egress"}[${index}]`;
}

/** ` (policy.yaml:8)`, or nothing when the place is not known. */
export function inFile(range: SourceRange | undefined): string {
  return range === undefined ? "" : ` (${range.file}:${range.start.line})`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
