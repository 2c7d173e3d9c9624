import { canonicalJson } from "../objects/same-json.ts";
import { hostNameOf, type Member, podReference } from "./members.ts";
import { copiedLabels, type ServiceObject } from "./service-object.ts";

/**
 * core/v1 Endpoints of a Service: its members in the primary family that are not ending, grouped by the ports they
 * resolved.
 */
export function endpointsObject(service: ServiceObject, members: readonly Member[]) {
  const { name, namespace = "default" } = service.metadata;
  const family = service.spec.ipFamilies?.[0] ?? "IPv4";
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    if (member.terminating || member.addresses[family] === undefined) continue;
    if (member.ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = canonicalJson(member.ports);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  const subsets = [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const address = (member: Member) => ({
        ip: member.addresses[family],
        ...hostNameOf(service, member.pod),
        ...(member.pod.spec.nodeName ? { nodeName: member.pod.spec.nodeName } : {}),
        targetRef: podReference(member.pod),
      });
      const [ready, unready] = [true, false].map((is) =>
        group.filter((member) => member.ready === is).map(address),
      );
      const ports = group[0]!.ports.map(({ name: portName, ...port }) => ({
        ...(portName === "" ? {} : { name: portName }),
        ...port,
      }));
      return {
        ...(ready!.length > 0 ? { addresses: ready } : {}),
        ...(unready!.length > 0 ? { notReadyAddresses: unready } : {}),
        ...(ports.length > 0 ? { ports } : {}),
      };
    });
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      namespace,
      labels: { ...copiedLabels(service), "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
    },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
}
