import type { Cluster, Labels } from "@portcullis/engine";
import type { Vocabulary } from "./protocol.ts";

/** What a policy can name of a cluster, for completion. */
export function vocabulary(cluster: Cluster): Vocabulary {
  const labels = new Map<string, Map<string, Set<string>>>();
  const add = (owner: string, own: Labels) => {
    const known = labels.get(owner) ?? new Map<string, Set<string>>();
    labels.set(owner, known);
    for (const [key, value] of Object.entries(own)) {
      const values = known.get(key) ?? new Set<string>();
      known.set(key, values.add(value));
    }
  };
  const namespaces = cluster.namespaces();
  for (const { labels: own } of namespaces) add("", own);
  const portNames = new Set<string>();
  for (const pod of cluster.pods()) {
    add(pod.namespace, pod.labels);
    for (const { name } of pod.ports) if (name !== undefined) portNames.add(name);
  }
  return {
    namespaces: namespaces.map(({ name }) => name),
    labels: Object.fromEntries([...labels].sort(byKey).map(([owner, keys]) => [owner, sortedValues(keys)])),
    portNames: [...portNames].sort(),
  };
}

function sortedValues(keys: ReadonlyMap<string, ReadonlySet<string>>) {
  return Object.fromEntries([...keys].sort(byKey).map(([key, values]) => [key, [...values].sort()]));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
