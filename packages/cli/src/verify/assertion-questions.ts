import {
  type Assertion,
  type Cluster,
  type Pod,
  podsOfPeer,
  resolveService,
  type Service,
} from "@portcullis/engine";
import type { StandInPod } from "./expand-pods.ts";
import { serves } from "./probe-ports.ts";
import { podQuestions, type Question, serviceQuestions } from "./question.ts";

/** An assertion with the packets that try it. */
export interface AskedAssertion {
  readonly assertion: Assertion;
  readonly questions: readonly Question[];
  /** What of it no packet can try. */
  readonly untried: readonly string[];
}

/** The packets of an assertion: from each source to each destination, at every address. */
export function askAssertion(
  assertion: Assertion,
  cluster: Cluster,
  standIns: readonly StandInPod[],
): AskedAssertion {
  const { from, to, port, protocol } = assertion;
  if (protocol === "SCTP") return { assertion, questions: [], untried: ["stand-ins do not speak SCTP"] };
  const sources = podsOfPeer(from, standIns).map((pod) => podOf(cluster, pod));
  if (to.kind === "named" && to.type === "Service") {
    const service = cluster.get("Service", to.namespace, to.name)!;
    const own = servicePort(service, port, protocol)!;
    const questions = sources.flatMap((source) =>
      serviceQuestions(cluster, source, service, { protocol, port: own }),
    );
    const { backends } = resolveService(cluster, service, own, protocol);
    const untried = backends.length === 0 ? [`no pod is behind port ${port} of ${to.text}`] : [];
    return { assertion, questions, untried };
  }
  const untried: string[] = [];
  const destinations = podsOfPeer(to, standIns).map((pod) => podOf(cluster, pod));
  const questions = sources.flatMap((source) =>
    destinations.flatMap((pod) => {
      if (pod === source) return [];
      const at = { protocol, port: portOf(pod, port, protocol)! };
      if (protocol === "TCP" || serves(pod, at)) return podQuestions(cluster, source, pod, [at]);
      untried.push(
        `${pod.namespace}/${pod.name} declares no ${protocol} ${port}, so silence would prove nothing`,
      );
      return [];
    }),
  );
  if (questions.length === 0 && untried.length === 0) untried.push("it is about a pod and itself alone");
  return { assertion, questions, untried: [...new Set(untried)] };
}

/**
 * What is wrong with assertions, given the pods and Services that there are: somebody who does not exist, or a port name
 * that nobody has. One sentence for each; nothing has to run for it.
 */
export function assertionProblem(
  { from, to, port, protocol }: Assertion,
  standIns: readonly StandInPod[],
  services: readonly Service[],
  podPorts: (pod: StandInPod) => Pod["ports"],
): string | undefined {
  if (podsOfPeer(from, standIns).length === 0) return `from: "${from.text}" is no pod that runs`;
  if (to.kind === "named" && to.type === "Service") {
    const service = services.find(({ namespace, name }) => namespace === to.namespace && name === to.name);
    if (service === undefined)
      return `to: there is no Service "${to.namespace}/${to.name}" that can be asked`;
    if (service.headless) return `to: "${to.text}" is headless and has no address; name its pods`;
    return servicePort(service, port, protocol) === undefined
      ? `port: Service "${to.text}" has no ${protocol} port ${port}`
      : undefined;
  }
  const destinations = podsOfPeer(to, standIns);
  if (destinations.length === 0) return `to: "${to.text}" is no pod that runs`;
  if (typeof port === "number") return undefined;
  const without = destinations.find((pod) => named(podPorts(pod), port, protocol) === undefined);
  return without && `port: ${without.namespace}/${without.name} has no ${protocol} port named "${port}"`;
}

function servicePort({ ports }: Service, port: number | string, protocol: string): number | undefined {
  return ports.find((own) => own.protocol === protocol && (own.port === port || own.name === port))?.port;
}

/** A name means what the destination says it does. */
function portOf(pod: Pod, port: number | string, protocol: string): number | undefined {
  return typeof port === "number" ? port : named(pod.ports, port, protocol);
}

function named(ports: Pod["ports"], name: string, protocol: string): number | undefined {
  return ports.find((own) => own.name === name && own.protocol === protocol)?.port;
}

function podOf(cluster: Cluster, { namespace, name }: StandInPod): Pod {
  const pod = cluster.get("Pod", namespace, name);
  if (pod === undefined) throw new Error(`the sandbox has no pod ${namespace}/${name}`);
  return pod;
}
