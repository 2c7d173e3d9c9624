import {
  type Address,
  type Cluster,
  type Pod,
  resolveService,
  type Service,
  type Verdict,
} from "@portcullis/engine";
import type { ProbePort } from "./port-spec.ts";
import { probePorts, serves } from "./probe-ports.ts";

/** One packet to send, and what the engine says of it. */
export interface Question extends ProbePort {
  readonly source: Pod;
  readonly target: { readonly pod: Pod } | { readonly service: Service };
  /** Where the packet is sent. */
  readonly address: Address;
  /** Where it may end: the pod, or each of those behind the Service. */
  readonly ends: readonly End[];
}

export interface End {
  readonly pod: Pod;
  readonly port: number;
  readonly address: Address;
  readonly allowed: boolean;
  /** Something listens there. */
  readonly serves: boolean;
}

/** Between two pods: every address of the destination that the source has the family of, and every port. */
export function podQuestions(
  cluster: Cluster,
  source: Pod,
  pod: Pod,
  ports: readonly ProbePort[],
): Question[] {
  return common(source, pod.addresses).flatMap((address) =>
    ports.map(
      (port): Question => ({
        ...port,
        source,
        target: { pod },
        address,
        ends: [endOf(cluster, source, pod, address, port)],
      }),
    ),
  );
}

/** Through a Service, at each of its addresses; none when no pod is behind the port. */
export function serviceQuestions(
  cluster: Cluster,
  source: Pod,
  service: Service,
  port: ProbePort,
): Question[] {
  const { backends } = resolveService(cluster, service, port.port, port.protocol);
  return common(source, service.clusterIPs).flatMap((address): Question[] => {
    const ends = backends.flatMap((backend) => {
      const own = backend.pod.addresses.find(({ family }) => family === address.family);
      const at = { protocol: port.protocol, port: backend.port };
      return own === undefined ? [] : [endOf(cluster, source, backend.pod, own, at)];
    });
    return ends.length === 0 ? [] : [{ ...port, source, target: { service }, address, ends }];
  });
}

/** Every ordered pair of pods, and every pod with every Service that has an address. */
export function allQuestions(cluster: Cluster, only: readonly ProbePort[]): Question[] {
  const pods = cluster.pods();
  const policies = cluster.policies();
  const ports = new Map(pods.map((pod) => [pod, probePorts(pod, policies, only)]));
  return pods.flatMap((source) => [
    ...pods.flatMap((pod) => (pod === source ? [] : podQuestions(cluster, source, pod, ports.get(pod)!))),
    ...cluster
      .services()
      .flatMap((service) =>
        service.ports.flatMap(({ protocol, port }) =>
          protocol === "SCTP" ? [] : serviceQuestions(cluster, source, service, { protocol, port }),
        ),
      ),
  ]);
}

/** The engine's whole reasoning about one end of a question. */
export function verdictOf(
  cluster: Cluster,
  { source, protocol }: Question,
  { pod, port, address }: End,
): Verdict {
  const from = source.addresses.find(({ family }) => family === address.family);
  return cluster.evaluate({
    source: { pod: source, ...(from && { address: from }) },
    destination: { pod, address },
    protocol,
    port,
  });
}

function endOf(cluster: Cluster, source: Pod, pod: Pod, address: Address, at: ProbePort): End {
  const from = source.addresses.find(({ family }) => family === address.family);
  const allowed = cluster.allows({
    source: { pod: source, ...(from && { address: from }) },
    destination: { pod, address },
    ...at,
  });
  return { pod, port: at.port, address, allowed, serves: serves(pod, at) };
}

function common(source: Pod, addresses: readonly Address[]): readonly Address[] {
  return addresses.filter(({ family }) => source.addresses.some((own) => own.family === family));
}

/** `namespace/name`. */
export function podName({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** `namespace/name`, or `Service namespace/name`. */
export function targetName({ target }: Question): string {
  return "pod" in target ? podName(target.pod) : `Service ${podName(target.service)}`;
}
