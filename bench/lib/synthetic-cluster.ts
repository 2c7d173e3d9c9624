import {
  addressFromValue,
  type ClusterObject,
  type Namespace,
  type NetworkPolicy,
  type Pod,
} from "@portcullis/engine";
import { Random } from "./random.ts";
import { apps, environments, policyOfMix, teams, tiers } from "./synthetic-policy.ts";

export interface SyntheticOptions {
  readonly pods: number;
  /** Default: one for ten pods, at least five. */
  readonly policies?: number;
  readonly seed: number;
  /** Also give every pod an IPv6 address. */
  readonly dualStack?: boolean;
}

export interface SyntheticCluster {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
  /** Two pods of one namespace in the middle of the address range; policies allow the first TCP and UDP 80 to the second. */
  readonly client: Pod;
  readonly server: Pod;
}

/** Kubernetes' default limit (kubelet's maxPods); neighbours by number are on the same node. */
const podsPerNode = 110;

/** Covers every pod's address. */
export const podPrefixes = ["10.0.0.0/8", "fd00:10::/64"];

const firstIPv4 = 0x0a00_0001n;
const firstIPv6 = 0xfd00_0010_0000_0000_0000_0000_0000_0001n;

/**
 * A cluster of fifty pods to a namespace and 110 to a node, ten apps in four tiers, and a fixed cycle of twenty kinds of policy (see
 * `policyOfMix`). The same seed gives the same cluster.
 */
export function syntheticCluster(options: SyntheticOptions): SyntheticCluster {
  if (options.pods < 2) throw new RangeError("a synthetic cluster has at least a client and a server");
  const random = new Random(options.seed);
  const namespaces = namespacesFor(options.pods);
  const middle = Math.floor(options.pods / 2);
  const home = namespaces[middle % namespaces.length]!;
  const pods = Array.from({ length: options.pods }, (_, i) => {
    const isPair = i === middle || i === middle - 1;
    const role = isPair ? { role: i === middle ? "server" : "client" } : {};
    const namespace = isPair ? home : namespaces[i % namespaces.length]!;
    return pod(i, namespace, role, random, options.dualStack ?? false);
  });
  const count = options.policies ?? Math.max(5, Math.round(options.pods / 10));
  const mix = Array.from({ length: count }, (_, i) => policyOfMix(i, random.pick(namespaces).name, random));
  const policies = [...mix, ...pairPolicies(home.name)];
  return { namespaces, pods, policies, client: pods[middle - 1]!, server: pods[middle]! };
}

export function objectsOf({ namespaces, pods, policies }: SyntheticCluster): readonly ClusterObject[] {
  return [...namespaces, ...pods, ...policies];
}

/** Another pod, on the server's node, with an address that none of the cluster's pods has. */
export function extraPod(cluster: SyntheticCluster, index: number, seed: number, dualStack = false): Pod {
  const random = new Random(seed + index);
  const { nodeName } = cluster.server;
  const extra = pod(cluster.pods.length + index, random.pick(cluster.namespaces), {}, random, dualStack);
  return nodeName === undefined ? extra : { ...extra, nodeName };
}

function namespacesFor(pods: number): Namespace[] {
  const count = Math.max(2, Math.floor(pods / 50));
  const numbered = Array.from({ length: count }, (_, i) =>
    namespace(`ns-${String(i).padStart(3, "0")}`, {
      team: teams[i % teams.length]!,
      env: environments[i % environments.length]!,
    }),
  );
  return [...numbered, namespace("kube-system", {})];
}

function namespace(name: string, labels: Record<string, string>): Namespace {
  return { kind: "Namespace", name, labels: { ...labels, "kubernetes.io/metadata.name": name } };
}

function pod(
  index: number,
  home: Namespace,
  extraLabels: Record<string, string>,
  random: Random,
  dualStack: boolean,
): Pod {
  const team = home.labels.team;
  const ipv4 = addressFromValue(4, firstIPv4 + BigInt(index));
  return {
    kind: "Pod",
    namespace: home.name,
    name: `p${String(index).padStart(5, "0")}`,
    labels: {
      app: random.pick(apps),
      tier: random.pick(tiers),
      ...(team === undefined ? {} : { team }),
      ...extraLabels,
    },
    addresses: dualStack ? [ipv4, addressFromValue(6, firstIPv6 + BigInt(index))] : [ipv4],
    hostNetwork: false,
    nodeName: `node-${Math.floor(index / podsPerNode)}`,
    phase: "Running",
    ports: [
      { name: "web", port: 80, protocol: "TCP" },
      { name: "alt", port: 8080, protocol: "TCP" },
      { name: "dns", port: 53, protocol: "UDP" },
    ],
  };
}

/** Named so that they sort behind the namespace's other policies: their rule is the last of its chain. */
function pairPolicies(namespaceName: string): NetworkPolicy[] {
  const role = (value: string) => ({ matchLabels: { role: value }, matchExpressions: [] });
  const ports = [
    { protocol: "TCP", port: 80 },
    { protocol: "UDP", port: 80 },
  ] as const;
  const rule = (peer: string) => ({ peers: [{ kind: "pods" as const, podSelector: role(peer) }], ports });
  const common = { kind: "NetworkPolicy", namespace: namespaceName } as const;
  return [
    {
      ...common,
      name: "zz-client",
      podSelector: role("client"),
      policyTypes: ["Egress"],
      ingress: [],
      egress: [rule("server")],
    },
    {
      ...common,
      name: "zz-server",
      podSelector: role("server"),
      policyTypes: ["Ingress"],
      ingress: [rule("client")],
      egress: [],
    },
  ];
}
