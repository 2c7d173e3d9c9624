import type { Cluster } from "../cluster/cluster.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { Labels } from "../model/labels.ts";
import type { Pod } from "../model/objects.ts";
import { type Address, parseAddress } from "../net/address.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import type { FlowEnd, FlowPod } from "./flow-record.ts";

/** Who an end of a recorded flow is in a cluster that may have changed since, or that is only written down. */
export type RecordedEnd =
  /**
   * A pod, or, when it is gone, pods as its workload has them now: several when they differ in labels. `known` is the pod
   * of the cluster that each was found by.
   */
  | { readonly kind: "pods"; readonly choices: readonly RecordedPod[] }
  | { readonly kind: "address"; readonly endpoint: Endpoint }
  /** A pod that the cluster does not have, and nothing like it. */
  | { readonly kind: "gone"; readonly what: string };

interface RecordedPod {
  readonly endpoint: Endpoint & { readonly pod: Pod };
  readonly known: Pod;
}

/** Finds the ends of recorded flows in a cluster as it is now: make a new one when the cluster has changed. */
export class RecordedEnds {
  readonly #cluster: Cluster;
  #byWorkload: ReadonlyMap<string, readonly Pod[]> | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /**
   * By the pod's name; else by its workload; an end that was no pod, by its address. An address that nobody had any more
   * is meant for the pod that had it last.
   */
  find({ address: text, pod: present, formerly = [] }: FlowEnd): RecordedEnd {
    const pod = present ?? formerly[0];
    const address = parseAddress(text);
    if (address === undefined) throw new Error(`a record with the address ${text} was let through`);
    if (pod === undefined) return this.#byAddress(address);
    const known = this.#cluster.get("Pod", pod.namespace, pod.name);
    if (known !== undefined && !isFinished(known)) return pods([asPresent(known, address)]);
    const alike = this.#alike(pod, known);
    if (alike.length === 0) return { kind: "gone", what: missing(pod) };
    return pods(alike.map((each) => recreated(pod, each, address)));
  }

  #byAddress(address: Address): RecordedEnd {
    const known = this.#cluster.podByAddress(address);
    return known === undefined
      ? { kind: "address", endpoint: { address } }
      : pods([{ endpoint: { pod: known, address }, known }]);
  }

  /** One pod of each kind that the workload has, those that run before those that have finished. */
  #alike({ namespace, workload }: FlowPod, finished: Pod | undefined): readonly Pod[] {
    this.#byWorkload ??= podsByWorkload(this.#cluster.pods());
    const found = (name: string) => this.#byWorkload!.get(`${namespace}/${name}`) ?? [];
    const own = workload === undefined ? [] : found(workload);
    const cronJob = workload === undefined ? undefined : cronJobOf(workload);
    const members = own.length > 0 || cronJob === undefined ? own : found(cronJob);
    const running = members.filter((each) => !isFinished(each));
    const candidates = running.length > 0 ? running : finished === undefined ? members : [finished];
    const kinds = new Map(candidates.toReversed().map((each) => [kindText(each), each]));
    return [...kinds.keys()].sort().map((key) => kinds.get(key)!);
  }
}

/** The pod as it is; a pod without addresses, from a manifest, has the recorded one. */
function asPresent(known: Pod, recorded: Address): RecordedPod {
  const own = known.addresses.find(({ text }) => text === recorded.text);
  const moved = known.addresses.find(({ family }) => family === recorded.family);
  const address = own ?? (known.addresses.length === 0 || known.hostNetwork ? recorded : moved);
  return { endpoint: { pod: known, ...(address && { address }) }, known };
}

/** The pod that is gone as its workload would make it today, at its old address. */
function recreated({ name }: FlowPod, alike: Pod, address: Address): RecordedPod {
  const { workload: _, owner: __, nodeName: ___, ...like } = alike;
  // The name of a pod that the cluster holds would mean that pod, whatever stands here beside it.
  const pod: Pod = {
    ...like,
    name: `${name} (as recorded)`,
    addresses: [address],
    phase: "Running",
    labels: withPodName(alike, name),
  };
  return { endpoint: { pod, address }, known: alike };
}

/** A StatefulSet gives each pod its own name as a label. */
function withPodName({ workload, owner, labels }: Pod, name: string): Labels {
  return (workload ?? owner)?.kind === "StatefulSet" ? { ...labels, [podNameLabel]: name } : labels;
}

const podNameLabel = "statefulset.kubernetes.io/pod-name";

/** Equal for pods that no policy tells apart but by an address or a label that each pod has for itself. */
function kindText({ labels, ports, hostNetwork }: Pod): string {
  const shared = Object.entries(labels).filter(([key]) => !perPodLabels.has(key));
  return JSON.stringify([shared.sort(([a], [b]) => (a < b ? -1 : 1)), ports, hostNetwork]);
}

const perPodLabels: ReadonlySet<string> = new Set([
  podNameLabel,
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-completion-index",
  "batch.kubernetes.io/job-name",
  "controller-uid",
  "job-name",
]);

function podsByWorkload(all: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const map = new Map<string, Pod[]>();
  for (const pod of all) {
    const owner = pod.workload ?? pod.owner;
    if (owner === undefined) continue;
    const name = `${owner.kind}/${owner.name}`;
    const cronJob = cronJobOf(name);
    for (const each of cronJob === undefined ? [name] : [name, cronJob]) {
      const key = `${pod.namespace}/${each}`;
      const list = map.get(key);
      if (list === undefined) map.set(key, [pod]);
      else list.push(pod);
    }
  }
  return map;
}

/** A CronJob names its Jobs after itself and the minute, of which there are some thirty million since 1970. */
export function cronJobOf(workload: string): string | undefined {
  const name = /^Job\/(.+)-\d{8,}$/.exec(workload)?.[1];
  return name === undefined ? undefined : `CronJob/${name}`;
}

function missing({ namespace, name, workload }: FlowPod): string {
  const pod = `pod ${namespace}/${name}`;
  return workload === undefined ? `no ${pod}` : `no ${pod} and no ${workload}`;
}

const pods = (choices: readonly RecordedPod[]): RecordedEnd => ({ kind: "pods", choices });
