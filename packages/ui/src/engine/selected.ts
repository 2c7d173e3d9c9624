import { type Cluster, matchesSelector, type NetworkPolicy, type Peer, type Pod } from "@portcullis/engine";

/** Whom a selector of a policy picks now. */
export interface Selected {
  readonly title: string;
  /** `namespace/name`, sorted; the first ones. */
  readonly pods: readonly string[];
  readonly podCount: number;
  /** Of a namespaceSelector: the namespaces that it picks, sorted; the first ones. */
  readonly namespaces?: readonly string[];
  readonly namespaceCount?: number;
}

/** A file is read by people: more names than this are counted. */
const mostNames = 12;

/**
 * What is picked by the selector at a path of the policy that stands at an offset (UTF-16 code units) of a file; the path
 * may lead to any part of it. Undefined where there is none, or its policy could not be read.
 */
export function selectedAt(
  cluster: Cluster,
  file: string,
  offset: number,
  path: readonly (string | number)[],
): Selected | undefined {
  const policy = cluster
    .policies()
    .find(({ range }) => range?.file === file && range.start.offset <= offset && offset <= range.end.offset);
  if (policy === undefined || path[0] !== "spec") return undefined;
  if (path[1] === "podSelector") {
    const pods = networkPods(cluster).filter(
      (pod) => pod.namespace === policy.namespace && matchesSelector(policy.podSelector, pod.labels),
    );
    return { title: "is about", ...named(pods) };
  }
  const peer = peerAt(policy, path);
  return peer?.kind === "pods" ? ofPeer(cluster, policy, peer, path[5] === "namespaceSelector") : undefined;
}

function peerAt(policy: NetworkPolicy, path: readonly (string | number)[]): Peer | undefined {
  const [, direction, rule, side, peer] = path;
  if (direction !== "ingress" && direction !== "egress") return undefined;
  if (side !== "from" && side !== "to") return undefined;
  return policy[direction][Number(rule)]?.peers[Number(peer)];
}

function ofPeer(
  cluster: Cluster,
  { namespace }: NetworkPolicy,
  { podSelector, namespaceSelector }: Peer & { readonly kind: "pods" },
  tellNamespaces: boolean,
): Selected {
  const namespaces = new Set(
    namespaceSelector === undefined
      ? [namespace]
      : cluster
          .namespaces()
          .filter(({ labels }) => matchesSelector(namespaceSelector, labels))
          .map(({ name }) => name),
  );
  const pods = networkPods(cluster).filter(
    (pod) =>
      namespaces.has(pod.namespace) &&
      (podSelector === undefined || matchesSelector(podSelector, pod.labels)),
  );
  return {
    title: podSelector !== undefined && namespaceSelector !== undefined ? "picks, both holding" : "picks",
    ...named(pods),
    ...(tellNamespaces && {
      namespaces: [...namespaces].sort().slice(0, mostNames),
      namespaceCount: namespaces.size,
    }),
  };
}

/** Pods that selectors match: neither on a node's network nor ended. */
function networkPods(cluster: Cluster): readonly Pod[] {
  return cluster
    .pods()
    .filter(({ hostNetwork, phase }) => !hostNetwork && phase !== "Succeeded" && phase !== "Failed");
}

function named(pods: readonly Pod[]): Pick<Selected, "pods" | "podCount"> {
  const names = pods.map(({ namespace, name }) => `${namespace}/${name}`).sort();
  return { pods: names.slice(0, mostNames), podCount: names.length };
}
