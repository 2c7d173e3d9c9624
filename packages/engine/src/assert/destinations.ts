import type { Cluster } from "../cluster/cluster.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import { resolveService } from "../cluster/service.ts";
import type { Pod, Service } from "../model/objects.ts";
import type { SourceRange } from "../model/source.ts";
import { PortSet } from "../net/port-set.ts";
import type { Assertion, AssertionPeer, AssertionPort, NamedPeer } from "./assertion.ts";
import type { End, EndFinder } from "./ends.ts";
import { assertionPortText } from "./parse-port.ts";

/** An end that flows go to, and the ports of it that are asked about. */
export interface Destination {
  readonly end: End;
  readonly wanted: PortSet;
}

export interface Destinations {
  readonly destinations: readonly Destination[];
  /** What keeps the assertion from being asked; `destinations` is empty then. */
  readonly problem?: { readonly message: string; readonly range: SourceRange };
}

/** Where the flows of an assertion go, after Service DNAT: each end once. */
export function destinationsOf(assertion: Assertion, cluster: Cluster, finder: EndFinder): Destinations {
  const found = new Map<string, Destination>();
  for (const peer of assertion.to) {
    const { destinations, problem } =
      peer.kind === "named" && peer.type === "Service"
        ? behindService(cluster, peer, assertion, finder)
        : atEnds(finder, peer, assertion);
    if (problem !== undefined && !assertion.mayBeEmpty)
      return { destinations: [], problem: { message: problem, range: peer.range } };
    for (const { end, wanted } of destinations) {
      const earlier = found.get(end.key);
      found.set(end.key, { end, wanted: earlier === undefined ? wanted : earlier.wanted.union(wanted) });
    }
  }
  return { destinations: [...found.values()] };
}

interface Found {
  readonly destinations: readonly Destination[];
  readonly problem?: string;
}

function atEnds(finder: EndFinder, peer: AssertionPeer, { ports, mayBeEmpty }: Assertion): Found {
  const ends = finder.find(peer);
  if (ends.length === 0) {
    return { destinations: [], problem: `to: ${finder.absence(peer)}` };
  }
  const destinations: Destination[] = [];
  for (const end of ends) {
    let wanted = PortSet.none;
    for (const port of ports) {
      const own = portsAt(port, end.pod);
      if (own.isEmpty && !mayBeEmpty)
        return {
          destinations: [],
          problem: `port: ${endText(end)} has no port named "${assertionPortText(port)}"`,
        };
      wanted = wanted.union(own);
    }
    if (!wanted.isEmpty) destinations.push({ end, wanted });
  }
  return { destinations };
}

/** A name means what the pod says, and outside of pods nothing. */
function portsAt(port: AssertionPort, pod: Pod | undefined): PortSet {
  switch (port.kind) {
    case "all":
      return PortSet.all;
    case "icmp":
      return PortSet.icmp;
    case "range":
      return PortSet.of([port]);
    case "name": {
      const { protocol, name } = port;
      const numbers = pod === undefined ? [] : portNumbers(pod, protocol, name);
      return PortSet.of(numbers.map((number) => ({ protocol, from: number, to: number })));
    }
  }
}

function behindService(cluster: Cluster, peer: NamedPeer, { ports }: Assertion, finder: EndFinder): Found {
  const service = cluster.get("Service", peer.namespace, peer.name);
  if (service === undefined) return { destinations: [], problem: `to: ${finder.absence(peer)}` };
  const found = new Map<string, Destination>();
  for (const port of ports) {
    const own = servicePorts(service, port);
    if (own.length === 0)
      return {
        destinations: [],
        problem: `port: Service "${peer.text}" has no port ${assertionPortText(port)}`,
      };
    for (const { protocol, port: number } of own) {
      for (const backend of resolveService(cluster, service, number, protocol).backends) {
        const end = finder.podEnd(backend.pod);
        const one = PortSet.of([{ protocol, from: backend.port, to: backend.port }]);
        const earlier = found.get(end.key)?.wanted ?? PortSet.none;
        found.set(end.key, { end, wanted: earlier.union(one) });
      }
    }
  }
  if (found.size > 0) return { destinations: [...found.values()] };
  return {
    destinations: [],
    problem: `to: no pod is behind Service "${peer.namespace}/${peer.name}" on ${ports.map(assertionPortText).join(", ")}`,
  };
}

type OwnPort = Pick<Service["ports"][number], "protocol" | "port">;

/** The Service's ports that are meant. A headless Service translates nothing, so a number needs no port of it. */
function servicePorts({ ports, headless }: Service, wanted: AssertionPort): readonly OwnPort[] {
  switch (wanted.kind) {
    case "all":
      return ports;
    case "icmp":
      return [];
    case "name":
      return ports.filter(({ name, protocol }) => name === wanted.name && protocol === wanted.protocol);
    case "range": {
      const { protocol, from, to } = wanted;
      const own = ports.filter((each) => each.protocol === protocol && each.port >= from && each.port <= to);
      return own.length === 0 && headless && from === to ? [{ protocol, port: from }] : own;
    }
  }
}

const endText = ({ pod, endpoint }: End): string =>
  pod === undefined ? (endpoint.address?.text ?? "") : `${pod.namespace}/${pod.name}`;
