import {
  type Cluster,
  type Endpoint,
  type Pod,
  resolveService,
  type Service,
  type Verdict,
} from "@portcullis/engine";
import type { PeerRef } from "../input/peer.ts";
import type { Target } from "../input/target.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { findPeer, sourcesOf } from "./find-peer.ts";

export interface Answer {
  /** Every flow that the question stands for is allowed, and there is at least one. */
  readonly allowed: boolean;
  /** One for each source and each destination, in order of name. */
  readonly verdicts: readonly Verdict[];
  /** The Service that was asked about; flows to it end at its pods. */
  readonly service?: Service;
}

/**
 * May the source reach the target? A workload stands for its pods, a Service for the pods behind it (after DNAT, as
 * policies see it). Fails with CliError (exit code 2) when a peer or a port does not exist.
 */
export function ask(cluster: Cluster, source: PeerRef, target: Target): Answer {
  const sources = sourcesOf(cluster, source);
  const { destinations, service } = destinationsOf(cluster, target);
  const verdicts = sources.flatMap((from) =>
    destinations.map(({ endpoint, port }) =>
      cluster.evaluate({ source: from, destination: endpoint, protocol: target.protocol, port }),
    ),
  );
  const allowed = verdicts.length > 0 && verdicts.every((verdict) => verdict.allowed);
  return { allowed, verdicts, ...(service && { service }) };
}

interface Destination {
  readonly endpoint: Endpoint;
  readonly port: number;
}

function destinationsOf(
  cluster: Cluster,
  target: Target,
): { readonly destinations: readonly Destination[]; readonly service?: Service } {
  const found = findPeer(cluster, target.peer);
  if (found.kind === "endpoints") {
    return {
      destinations: found.endpoints.map((endpoint) => ({ endpoint, port: podPort(endpoint, target) })),
    };
  }
  const { service } = found;
  const { backends, servicePort } = resolveService(cluster, service, target.port, target.protocol);
  if (servicePort === undefined && !(service.headless && typeof target.port === "number")) {
    const ports = service.ports.map(
      ({ name, port, protocol }) => `${name ? `${name} ` : ""}${port}/${protocol}`,
    );
    throw new CliError(
      exitCode.usage,
      `Service ${service.namespace}/${service.name} has no port ${target.port}/${target.protocol}`,
      `It has ${ports.join(", ") || "none"}.`,
    );
  }
  return { destinations: backends.map(({ pod, port }) => ({ endpoint: { pod }, port })), service };
}

/** A port's name means what the destination pod says it does. */
function podPort({ pod, address }: Endpoint, { port, protocol }: Target): number {
  if (typeof port === "number") return port;
  const named = pod?.ports.find((candidate) => candidate.name === port && candidate.protocol === protocol);
  if (named !== undefined) return named.port;
  const who = pod === undefined ? (address?.text ?? "an address") : `${pod.namespace}/${pod.name}`;
  throw new CliError(exitCode.usage, `${who} has no ${protocol} port named "${port}"`, namedPorts(pod));
}

function namedPorts(pod: Pod | undefined): string | undefined {
  const names = (pod?.ports ?? []).flatMap(({ name, port, protocol }) =>
    name === undefined ? [] : [`${name} (${port}/${protocol})`],
  );
  return names.length === 0 ? undefined : `Named ports: ${names.join(", ")}.`;
}
