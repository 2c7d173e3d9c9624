import type { Namespace, Node, Service } from "../model/objects.ts";
import type { Protocol } from "../model/protocol.ts";
import { parseAddress } from "../net/address.ts";
import { type ConvertContext, namespaceOf, rangeAt } from "./convert.ts";
import type { RawNamespace, RawNode, RawService } from "./schema-core.ts";

/** v1 Namespace, with the label that the API server sets on every one. */
export function convertNamespace({ metadata }: RawNamespace, { locate, name }: ConvertContext): Namespace {
  const labels: Record<string, string> = Object.assign(Object.create(null), metadata?.labels);
  labels["kubernetes.io/metadata.name"] = name;
  return { kind: "Namespace", name, labels, ...rangeAt(locate, []) };
}

/** v1 Node. Host names among its addresses are left out. */
export function convertNode({ status }: RawNode, { name }: ConvertContext): Node {
  const written = status?.addresses ?? [];
  const addresses = written.flatMap(({ type, address = "" }) => {
    const parsed = type === "InternalIP" || type === "ExternalIP" ? parseAddress(address) : undefined;
    return parsed === undefined ? [] : [parsed];
  });
  return { kind: "Node", name, addresses };
}

/** v1 Service. */
export function convertService(
  { metadata, spec = {} }: RawService,
  { locate, name }: ConvertContext,
): Service {
  const { clusterIP = "", clusterIPs = [], ports = [], selector } = spec;
  const written = clusterIPs.length > 0 ? clusterIPs : [clusterIP];
  return {
    kind: "Service",
    namespace: namespaceOf(metadata),
    name,
    ...(selector === undefined ? {} : { selector }),
    clusterIPs: written.flatMap((text) => parseAddress(text) ?? []),
    headless: written[0] === "None",
    ports: ports.map(({ name: portName = "", protocol = "", port = 0, targetPort, nodePort = 0 }) => ({
      ...(portName === "" ? {} : { name: portName }),
      protocol: (protocol || "TCP") as Protocol,
      port,
      targetPort: targetPort || port,
      ...(nodePort === 0 ? {} : { nodePort }),
    })),
    ...rangeAt(locate, []),
  };
}
