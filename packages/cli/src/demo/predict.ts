import { type Cluster, type Flow, type Pod, resolveService, type Verdict } from "@portcullis/engine";
import type { PodRef } from "@portcullis/sandbox";
import type { Question } from "./question.ts";

export interface Prediction {
  readonly question: Question;
  readonly verdict: Verdict;
  /** Where the packet is sent: the pod's address, or the Service's. */
  readonly address: string;
}

/** What the engine says will happen. Throws when the cluster lacks what the tutorial has just made. */
export function predict(cluster: Cluster, question: Question): Prediction {
  const source = findPod(cluster, question.from);
  const target = findPod(cluster, question.to);
  const { pod, port, address } =
    question.by === "curl"
      ? throughService(cluster, question)
      : { pod: target, port: question.port, address: target.addresses[0]?.text };
  if (address === undefined) throw new Error(`${target.namespace}/${target.name} has no address`);
  const flow: Flow = { source: { pod: source }, destination: { pod }, protocol: "TCP", port };
  return { question, verdict: cluster.evaluate(flow), address };
}

function findPod(cluster: Cluster, { namespace, name }: PodRef): Pod {
  const pod = cluster.get("Pod", namespace, name);
  if (pod === undefined) throw new Error(`the cluster has no pod ${namespace}/${name}`);
  return pod;
}

/** Policies see the packet after the Service's address was replaced by its backend's. */
function throughService(cluster: Cluster, { to, port }: Question) {
  const service = cluster.get("Service", to.namespace, to.name);
  const backend = service && resolveService(cluster, service, port, "TCP").backends[0];
  if (service === undefined || backend === undefined) {
    throw new Error(`Service ${to.namespace}/${to.name} has no pod behind port ${port}`);
  }
  return { ...backend, address: service.clusterIPs[0]?.text };
}
