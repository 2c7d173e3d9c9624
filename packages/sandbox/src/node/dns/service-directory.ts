import type { Pod, Service } from "@portcullis/engine";
import { Directory, type NamedEndpoint, type NamedPort, type NamedService } from "../../dns/directory.ts";
import { type Backend, backendsOf, type ServedService, targetPort } from "../services/service-endpoints.ts";

/** The names of what the node serves. */
export function serviceDirectory(
  services: readonly ServedService[],
  backends: readonly Backend[],
): Directory {
  const named = services.map((served) => namedService(served, backends));
  return new Directory(
    named,
    backends.map(({ pod }) => pod.namespace),
  );
}

function namedService(served: ServedService, backends: readonly Backend[]): NamedService {
  const { service, externalName } = served;
  return {
    namespace: service.namespace,
    name: service.name,
    clusterIPs: service.clusterIPs.map(({ text }) => text),
    ...(externalName === undefined ? {} : { externalName }),
    ports: service.ports.map(({ name = "", protocol, port }) => ({ name, protocol, port })),
    endpoints: service.headless ? [...podEndpoints(served, backends), ...sliceEndpoints(served)] : [],
  };
}

function podEndpoints(served: ServedService, backends: readonly Backend[]): readonly NamedEndpoint[] {
  const { service } = served;
  return backendsOf(served, backends)
    .flatMap(({ pod, hostname, subdomain }) => {
      const ports = portsOf(service, pod);
      const own = hostname !== undefined && subdomain === service.name ? { hostname } : {};
      return pod.addresses.map(({ text }) => ({ address: text, ports, ...own }));
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

function portsOf({ ports }: Service, pod: Pod): readonly NamedPort[] {
  return ports.flatMap((port) => {
    const number = targetPort(pod, port);
    return number === undefined ? [] : [{ name: port.name ?? "", protocol: port.protocol, port: number }];
  });
}

/** Of a Service without a selector. */
function sliceEndpoints({ service, slices }: ServedService): readonly NamedEndpoint[] {
  if (Object.keys(service.selector ?? {}).length > 0) return [];
  return slices.flatMap(({ endpoints, ports }) => {
    const named = (ports ?? []).flatMap(({ name = "", protocol = "TCP", port }) =>
      port === undefined ? [] : [{ name, protocol, port }],
    );
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses = [], hostname }) =>
        addresses.map((address) => ({ address, ports: named, ...(hostname ? { hostname } : {}) })),
      );
  });
}
