import {
  type AnswerGroup,
  type AskedDestination,
  type AskedEnd,
  allAllowed,
  answers,
  type Cluster,
  type Pod,
  PortSet,
  type Protocol,
  resolveService,
  type Service,
} from "@portcullis/engine";
import type { PeerRef } from "../input/peer.ts";
import type { Target } from "../input/target.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { findPeer, sourcesOf } from "./find-peer.ts";

export interface Answer {
  /** Every flow that the question stands for is allowed, and there is at least one. */
  readonly allowed: boolean;
  /** Flows that are judged alike are one; in order of names and ports. */
  readonly groups: readonly AnswerGroup[];
  /** The Service that was asked about; flows to it end at its pods. */
  readonly service?: Service;
}

/**
 * May the source reach the target? A workload stands for its pods, a Service for the pods behind it (after DNAT, as
 * policies see it), a CIDR for its addresses. Fails with CliError (exit code 2) when a peer or a port does not exist.
 */
export function ask(cluster: Cluster, source: PeerRef, target: Target): Answer {
  const { destinations, service } = destinationsOf(cluster, target);
  const groups = answers(cluster, sourcesOf(cluster, source), destinations);
  return { allowed: allAllowed(groups), groups, ...(service && { service }) };
}

/** The ends that a target means, each with its own port when the target names one. */
export function destinationsOf(
  cluster: Cluster,
  target: Target,
): { readonly destinations: readonly AskedDestination[]; readonly service?: Service } {
  const found = findPeer(cluster, target.peer);
  if (found.kind === "ends") return { destinations: atPorts(found.ends, target) };
  const { service } = found;
  const { protocol, port, endPort } = target;
  if (endPort !== undefined) {
    throw new CliError(
      exitCode.usage,
      `a Service has single ports, and ${port}-${endPort} is a range`,
      `${portsOf(service)} To ask about its pods, name their workload.`,
    );
  }
  const { backends, servicePort } = resolveService(cluster, service, port, protocol);
  if (servicePort === undefined && !(service.headless && typeof port === "number")) {
    throw new CliError(
      exitCode.usage,
      `Service ${service.namespace}/${service.name} has no port ${port}/${protocol}`,
      portsOf(service),
    );
  }
  return {
    destinations: backends.map((backend) => ({
      endpoint: { pod: backend.pod },
      ports: onePort(protocol, backend.port),
    })),
    service,
  };
}

function portsOf(service: Service): string {
  const ports = service.ports.map(
    ({ name, port, protocol }) => `${name ? `${name} ` : ""}${port}/${protocol}`,
  );
  return `It has ${ports.join(", ") || "none"}.`;
}

const onePort = (protocol: Protocol, from: number, to = from): PortSet =>
  PortSet.of([{ protocol, from, to }]);

/** A port's name means what the destination pod says it does; of several pods those that lack it are left out. */
function atPorts(
  ends: readonly AskedEnd[],
  { port, endPort, protocol }: Target,
): readonly AskedDestination[] {
  if (typeof port === "number") {
    return ends.map((end) => ({ ...end, ports: onePort(protocol, port, endPort) }));
  }
  const named = ends.flatMap((end) => {
    const numbers = (end.endpoint.pod?.ports ?? []).filter(
      (candidate) => candidate.name === port && candidate.protocol === protocol,
    );
    if (numbers.length === 0) return [];
    return [{ ...end, ports: PortSet.of(numbers.map(({ port: from }) => ({ protocol, from, to: from }))) }];
  });
  if (named.length > 0) return named;
  const { pod, address } = ends[0]!.endpoint;
  const who = pod === undefined ? (address?.text ?? "an address") : `${pod.namespace}/${pod.name}`;
  throw new CliError(exitCode.usage, `${who} has no ${protocol} port named "${port}"`, namedPorts(pod));
}

function namedPorts(pod: Pod | undefined): string | undefined {
  const names = (pod?.ports ?? []).flatMap(({ name, port, protocol }) =>
    name === undefined ? [] : [`${name} (${port}/${protocol})`],
  );
  return names.length === 0 ? undefined : `Named ports: ${names.join(", ")}.`;
}
