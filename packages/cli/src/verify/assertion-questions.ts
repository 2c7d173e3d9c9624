import {
  type Assertion,
  type AssertionPeer,
  type AssertionPod,
  type AssertionPort,
  assertionPortText,
  type Cluster,
  type Labels,
  type NetworkPolicy,
  type Pod,
  podsOfPeer,
  resolveService,
  type Service,
} from "@portcullis/engine";
import type { ProbePort } from "./port-spec.ts";
import { probePorts, serves } from "./probe-ports.ts";
import { podQuestions, type Question, serviceQuestions } from "./question.ts";

/** An assertion with the packets that try it. */
export interface AskedAssertion {
  readonly assertion: Assertion;
  readonly questions: readonly Question[];
  /** What of it no packet can try. */
  readonly untried: readonly string[];
}

/**
 * The packets of an assertion: from each source to each destination, at every address.
 * @param pods Those that run.
 */
export function askAssertion(
  assertion: Assertion,
  cluster: Cluster,
  pods: readonly AssertionPod[],
): AskedAssertion {
  const questions = new Map<string, Question>();
  const untried = new Set<string>();
  const podsOf = (peer: AssertionPeer) => runningPods(peer, cluster, pods);
  const sources = assertion.from.flatMap((peer) => {
    const found = podsOf(peer);
    if (found.length === 0 && isAddresses(peer)) untried.add(`no packet can be sent from ${peer.text}`);
    else if (found.length === 0 && !assertion.mayBeEmpty) untried.add(`${peer.text} is no pod that runs`);
    return found;
  });
  const add = (asked: readonly Question[], reason: string) => {
    if (asked.length === 0 && reason !== "") untried.add(reason);
    for (const each of asked) questions.set(keyOf(each), each);
  };
  for (const to of assertion.to) {
    if (to.kind === "named" && to.type === "Service") {
      const service = cluster.get("Service", to.namespace, to.name);
      if (service === undefined) untried.add(`there is no Service ${to.namespace}/${to.name}`);
      for (const { protocol, port } of service ? servicePorts(service, assertion.ports, untried) : []) {
        const asked = sources.flatMap((source) =>
          serviceQuestions(cluster, source, service!, { protocol, port }),
        );
        const { backends } = resolveService(cluster, service!, port, protocol);
        add(asked, backends.length === 0 ? `no pod is behind port ${port} of ${to.text}` : "");
      }
      continue;
    }
    const destinations = podsOf(to);
    if (destinations.length === 0 && isAddresses(to))
      untried.add(`no packet to ${to.text} would prove anything`);
    else if (destinations.length === 0 && !assertion.mayBeEmpty)
      untried.add(`${to.text} is no pod that runs`);
    for (const pod of destinations) {
      const ports = portsToTry(pod, assertion.ports, cluster.policies(), untried);
      for (const source of sources) if (pod !== source) add(podQuestions(cluster, source, pod, ports), "");
    }
  }
  if (questions.size === 0 && untried.size === 0 && !assertion.mayBeEmpty)
    untried.add("it is about a pod and itself alone");
  return { assertion, questions: [...questions.values()], untried: [...untried] };
}

const isAddresses = ({ kind }: AssertionPeer): boolean =>
  kind === "address" || kind === "block" || kind === "outside";

function runningPods(peer: AssertionPeer, cluster: Cluster, pods: readonly AssertionPod[]): readonly Pod[] {
  if (peer.kind === "address") {
    const pod = cluster.podByAddress(peer.address);
    return pod === undefined ? [] : [pod];
  }
  const labelsOf = (namespace: string) => cluster.get("Namespace", undefined, namespace)?.labels ?? {};
  return podsOfPeer(peer, pods, labelsOf).map((pod) => podOf(cluster, pod));
}

/** Of a single port that one; of a range or all ports those that the pod declares, or else what policies name. */
function portsToTry(
  pod: Pod,
  ports: readonly AssertionPort[],
  policies: readonly NetworkPolicy[],
  untried: Set<string>,
): readonly ProbePort[] {
  const name = `${pod.namespace}/${pod.name}`;
  return ports.flatMap((port): readonly ProbePort[] => {
    const text = assertionPortText(port);
    if (port.kind === "icmp") return refuse(untried, "probes do not speak ICMP");
    if (port.kind === "all") return probePorts(pod, policies, []);
    if (port.protocol === "SCTP") return refuse(untried, "probes do not speak SCTP");
    const { protocol } = port;
    if (port.kind === "range" && port.from < port.to) {
      const candidates = probePorts(pod, policies, []).filter((each) => each.protocol === protocol);
      const inside = candidates.filter((each) => each.port >= port.from && each.port <= port.to);
      if (inside.length > 0) return inside;
      if (protocol === "TCP") return [port.from, port.to].map((end) => ({ protocol, port: end }));
      return refuse(untried, `${name} declares no port in ${text}, so silence would prove nothing`);
    }
    const number = port.kind === "range" ? port.from : named(pod.ports, port.name, protocol);
    if (number === undefined) return refuse(untried, `${name} has no port named "${text}"`);
    const one = { protocol, port: number };
    if (protocol === "TCP" || serves(pod, one)) return [one];
    return refuse(untried, `${name} declares no ${protocol} ${number}, so silence would prove nothing`);
  });
}

function refuse(untried: Set<string>, why: string): readonly never[] {
  untried.add(why);
  return [];
}

function servicePorts(
  { ports }: Service,
  wanted: readonly AssertionPort[],
  untried: Set<string>,
): readonly ProbePort[] {
  const own = ports.filter((each) => wanted.some((port) => meansServicePort(port, each)));
  if (own.some(({ protocol }) => protocol === "SCTP")) untried.add("probes do not speak SCTP");
  return own.flatMap(({ protocol, port }) => (protocol === "SCTP" ? [] : [{ protocol, port }]));
}

function meansServicePort(port: AssertionPort, own: Service["ports"][number]): boolean {
  if (port.kind === "all") return true;
  if (port.kind === "icmp" || own.protocol !== port.protocol) return false;
  return port.kind === "name" ? own.name === port.name : port.from <= own.port && own.port <= port.to;
}

/**
 * What is wrong with assertions, given the pods and Services that there are: somebody who does not exist, or a port name
 * that nobody has. One sentence for each; nothing has to run for it.
 */
export function assertionProblem<P extends AssertionPod>(
  assertion: Assertion,
  { pods, services, labelsOf, podPorts }: Present<P>,
): string | undefined {
  const { from, to, ports, mayBeEmpty } = assertion;
  if (mayBeEmpty) return undefined;
  const podsOf = (peer: AssertionPeer) => podsOfPeer(peer, pods, labelsOf);
  const isNobody = (peer: AssertionPeer) =>
    (peer.kind === "named" || peer.kind === "selected") && podsOf(peer).length === 0;
  const absent = from.find(isNobody);
  if (absent !== undefined) return `from: "${absent.text}" is no pod that runs`;
  for (const peer of to) {
    if (peer.kind === "named" && peer.type === "Service") {
      const problem = serviceProblem(peer, ports, services);
      if (problem !== undefined) return problem;
      continue;
    }
    if (isNobody(peer)) return `to: "${peer.text}" is no pod that runs`;
    for (const port of ports) {
      if (port.kind !== "name") continue;
      const without = podsOf(peer).find(
        (pod) => named(podPorts(pod), port.name, port.protocol) === undefined,
      );
      if (without !== undefined)
        return `port: ${without.namespace}/${without.name} has no ${port.protocol} port named "${port.name}"`;
    }
  }
  return undefined;
}

/** What there is to be named by assertions. */
export interface Present<P extends AssertionPod> {
  readonly pods: readonly P[];
  readonly services: readonly Service[];
  readonly labelsOf: (namespace: string) => Labels;
  readonly podPorts: (pod: P) => Pod["ports"];
}

function serviceProblem(
  { namespace, name, text }: Extract<AssertionPeer, { kind: "named" }>,
  ports: readonly AssertionPort[],
  services: readonly Service[],
): string | undefined {
  const service = services.find((each) => each.namespace === namespace && each.name === name);
  if (service === undefined) return `to: there is no Service "${namespace}/${name}" that can be asked`;
  if (service.headless) return `to: "${text}" is headless and has no address; name its pods`;
  const missing = ports.find((port) => !service.ports.some((own) => meansServicePort(port, own)));
  return missing && `port: Service "${text}" has no port ${assertionPortText(missing)}`;
}

/** A name means what the destination says it does. */
function named(ports: Pod["ports"], name: string, protocol: string): number | undefined {
  return ports.find((own) => own.name === name && own.protocol === protocol)?.port;
}

function podOf(cluster: Cluster, { namespace, name }: AssertionPod): Pod {
  const pod = cluster.get("Pod", namespace, name);
  if (pod === undefined) throw new Error(`the sandbox has no pod ${namespace}/${name}`);
  return pod;
}

/** Equal for the same packet. */
export function keyOf({ source, target, address, protocol, port }: Question): string {
  const to = "pod" in target ? target.pod : target.service;
  const kind = "pod" in target ? "pod" : "svc";
  return `${source.namespace}/${source.name} ${kind} ${to.namespace}/${to.name} ${address.text} ${protocol} ${port}`;
}
