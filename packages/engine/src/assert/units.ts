import type { Cluster } from "../cluster/cluster.ts";
import { isFinished, podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import type { End, EndFinder } from "./ends.ts";
import { kindNamed, shortKind } from "./kind-named.ts";
import { parseAssertionPeer } from "./parse-peer.ts";

/** Pods of a workload that policies treat alike, with the texts that mean exactly them. */
export interface Unit {
  readonly peers: readonly string[];
  readonly pods: readonly Pod[];
  readonly ends: readonly End[];
}

export interface Units {
  /** By namespace, kind and name of the workload. */
  readonly units: readonly Unit[];
  /** `namespace/name` of pods that no text means alone. */
  readonly unnamed: readonly string[];
}

/**
 * The pods of a cluster as a recording names them; finished ones are left out. Bare pods that are alike are one when their
 * labels mean just them.
 */
export function unitsOf(cluster: Cluster, finder: EndFinder): Units {
  const unnamed: string[] = [];
  const units = [...workloads(cluster, finder)].flatMap(([, parts]): Unit[] => {
    const all = [...parts.values()];
    return all.flatMap((pods): Unit[] => {
      const unit = (peers: readonly string[], of: readonly Pod[]): Unit => ({
        peers,
        pods: of,
        ends: of.map((pod) => finder.podEnd(pod)),
      });
      const own = isBare(pods[0]!)
        ? labelsText(pods, finder)
        : all.length === 1
          ? workloadText(pods, finder)
          : undefined;
      if (own !== undefined) return [unit([own], pods)];
      const named = pods.flatMap((pod) => {
        const text = podText(pod, finder);
        if (text === undefined) unnamed.push(`${pod.namespace}/${pod.name}`);
        return text === undefined ? [] : [{ text, pod }];
      });
      if (named.length === 0) return [];
      return [
        unit(
          named.map(({ text }) => text),
          named.map(({ pod }) => pod),
        ),
      ];
    });
  });
  return { units, unnamed };
}

const isBare = ({ workload, owner }: Pod): boolean => workload === undefined && owner === undefined;

/** By workload, the pods that are treated alike. */
function workloads(cluster: Cluster, finder: EndFinder): ReadonlyMap<string, ReadonlyMap<string, Pod[]>> {
  const found = new Map<string, Map<string, Pod[]>>();
  for (const pod of cluster.pods()) {
    if (isFinished(pod)) continue;
    const { kind, name } = pod.workload ?? pod.owner ?? { kind: "Pod", name: labelsKey(pod) };
    const key = `${pod.namespace}/${kind}/${name}`;
    const parts = found.get(key) ?? new Map<string, Pod[]>();
    found.set(key, parts);
    const alike = finder.podEnd(pod).class;
    const part = alike === undefined ? podKey(pod) : String(alike.index);
    const pods = parts.get(part);
    if (pods === undefined) parts.set(part, [pod]);
    else pods.push(pod);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function workloadText(pods: readonly Pod[], finder: EndFinder): string | undefined {
  const [{ namespace, workload, owner }] = pods as readonly [Pod, ...Pod[]];
  const maker = workload ?? owner;
  if (maker === undefined || kindNamed(maker.kind) !== maker.kind) return undefined;
  return meansExactly(`${namespace}/${shortKind(maker.kind)}/${maker.name}`, pods, finder);
}

/** Of several bare pods with the same labels. */
function labelsText(pods: readonly Pod[], finder: EndFinder): string | undefined {
  if (pods.length < 2) return undefined;
  const [{ namespace, labels }] = pods as readonly [Pod, ...Pod[]];
  const requirements = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`);
  return meansExactly(`${namespace}/[${requirements.join(",")}]`, pods, finder);
}

/** Equal for pods with the same labels; a pod without labels is alone, because the empty selector means all. */
function labelsKey({ name, labels }: Pod): string {
  const entries = Object.entries(labels);
  return entries.length === 0 ? `${name} ` : JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function podText(pod: Pod, finder: EndFinder): string | undefined {
  const { namespace, name } = pod;
  return (
    meansExactly(`${namespace}/pod/${name}`, [pod], finder) ??
    meansExactly(`${namespace}/${name}`, [pod], finder)
  );
}

const nowhere = { line: 1, column: 1, offset: 0 };

function meansExactly(text: string, pods: readonly Pod[], finder: EndFinder): string | undefined {
  const { peer } = parseAssertionPeer(text, { file: "", start: nowhere, end: nowhere });
  if (peer === undefined) return undefined;
  const found = finder.find(peer).map(({ who }) => who);
  const wanted = new Set(pods.map(podKey));
  return found.length === wanted.size && found.every((who) => wanted.has(who)) ? text : undefined;
}
