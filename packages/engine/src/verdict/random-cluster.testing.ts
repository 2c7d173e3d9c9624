// Random small clusters in which everything meets everything: few names, few labels, few addresses, so that selectors
// match, blocks overlap and port names differ. Made for comparing subjects, not for resembling anyone's cluster.
import fc from "fast-check";
import type { LabelSelector, LabelSelectorRequirement, Labels } from "../model/labels.ts";
import type { NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { ClusterObject, ContainerPort, Namespace, Node, Pod } from "../model/objects.ts";
import type { FlowProtocol, Protocol } from "../model/protocol.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import type { OracleCluster } from "./oracle.ts";
import type { Endpoint, Flow } from "./verdict.ts";

export interface RandomCluster extends OracleCluster {
  /** Everything in it, namespaces first. */
  readonly objects: readonly ClusterObject[];
  /** Addresses that belong to nobody in the cluster. */
  readonly outside: readonly Address[];
}

const address = (text: string): Address => parseAddress(text)!;
const namespaceNames = ["a", "b", "c"] as const;
/** Most things lie in one namespace, so that they meet. */
const crowded = fc.constantFrom(...namespaceNames, "a", "a", "a");
const nodeNames = ["n1", "n2"] as const;
const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const ports = [79, 80, 81, 82, 8080] as const;
const portNames = ["http", "dns"] as const;
const outside = ["192.0.2.1", "10.0.0.200", "2001:db8::1", "fd00::c8"].map(address);
const blocks = [
  "0.0.0.0/0",
  "10.0.0.0/24",
  "10.0.0.0/30",
  "10.0.0.2/31",
  "10.0.0.4/32",
  "10.0.0.128/25",
  "10.1.0.0/16",
  "192.0.2.0/24",
  "::/0",
  "fd00::/64",
  "fd00::2/127",
  "fd00::4/128",
  "2001:db8::/32",
].map((text) => parseCidr(text)!);

const labels: fc.Arbitrary<Labels> = fc.dictionary(
  fc.constantFrom("app", "tier"),
  fc.constantFrom("x", "y", "z"),
  {
    maxKeys: 2,
    noNullPrototype: true,
  },
);

const requirement: fc.Arbitrary<LabelSelectorRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom("app", "tier"),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.array(fc.constantFrom("x", "y", "z"), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom("app", "tier"),
    operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
    values: fc.constant([]),
  }),
);

const podSelector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: labels }),
  matchExpressions: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(requirement, { maxLength: 2 }) },
  ),
});

const namespaceSelector: fc.Arbitrary<LabelSelector> = fc.oneof(
  podSelector,
  fc.record({
    matchLabels: fc.constant({}),
    matchExpressions: fc.tuple(
      fc.record({
        key: fc.constant("kubernetes.io/metadata.name"),
        operator: fc.constantFrom("In" as const, "NotIn" as const),
        values: fc.array(fc.constantFrom(...namespaceNames), { minLength: 1, maxLength: 2 }),
      }),
    ),
  }),
);

const cidr: fc.Arbitrary<Cidr> = fc.constantFrom(...blocks);

const peer: fc.Arbitrary<Peer> = fc.oneof(
  podSelector.map((selector): Peer => ({ kind: "pods", podSelector: selector })),
  namespaceSelector.map((selector): Peer => ({ kind: "pods", namespaceSelector: selector })),
  fc
    .tuple(namespaceSelector, podSelector)
    .map(([namespaces, pods]): Peer => ({ kind: "pods", namespaceSelector: namespaces, podSelector: pods })),
  fc
    .tuple(cidr, fc.array(cidr, { maxLength: 2 }))
    .map(([block, except]): Peer => ({ kind: "ipBlock", cidr: block, except })),
);

const policyPort: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ protocol: fc.constantFrom(...protocols) }),
  fc.record({ protocol: fc.constantFrom(...protocols), port: fc.constantFrom(...ports) }),
  fc.record({ protocol: fc.constantFrom(...protocols), port: fc.constantFrom(...portNames) }),
  fc.record({
    protocol: fc.constantFrom(...protocols),
    port: fc.constantFrom(79, 80, 81),
    endPort: fc.constantFrom(81, 82, 65535),
  }),
);

const rule: fc.Arbitrary<PolicyRule> = fc.record({
  peers: fc.array(peer, { maxLength: 2 }),
  ports: fc.array(policyPort, { maxLength: 2 }),
});

const policyTypes = fc.constantFrom<NetworkPolicy["policyTypes"]>(
  ["Ingress"],
  ["Egress"],
  ["Ingress", "Egress"],
);

const policyBody = fc.record({
  namespace: crowded,
  podSelector,
  policyTypes,
  ingress: fc.array(rule, { maxLength: 2 }),
  egress: fc.array(rule, { maxLength: 2 }),
});

const containerPort: fc.Arbitrary<ContainerPort> = fc.oneof(
  fc.record({
    name: fc.constantFrom(...portNames),
    port: fc.constantFrom(...ports),
    protocol: fc.constantFrom(...protocols),
  }),
  fc.record({ port: fc.constantFrom(...ports), protocol: fc.constantFrom(...protocols) }),
);

const podBody = fc.record({
  namespace: crowded,
  labels,
  families: fc.constantFrom<readonly (4 | 6)[]>([4], [4, 6], [6, 4], [6], []),
  hostNetwork: fc.oneof(
    { weight: 6, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  nodeName: fc.constantFrom(undefined, ...nodeNames),
  workload: fc.constantFrom<(Pod["workload"] | undefined)[]>(
    undefined,
    undefined,
    undefined,
    { kind: "DaemonSet", name: "w" },
    { kind: "Deployment", name: "w", replicas: 1 },
    { kind: "Deployment", name: "w", replicas: 3 },
  ),
  /** The address of the pod before it: one pod has just gone and the next has come, and both are still listed. */
  sharesAddress: fc.oneof(
    { weight: 15, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  phase: fc.constantFrom<Pod["phase"]>(
    "Running",
    "Running",
    "Running",
    "Running",
    "Running",
    "Running",
    "Running",
    "Pending",
    "Unknown",
    "Succeeded",
    "Failed",
  ),
  ports: fc.array(containerPort, { maxLength: 3 }),
});

type PodBody = typeof podBody extends fc.Arbitrary<infer T> ? T : never;

/** Pods are p0, p1, …; the addresses of pod i are 10.0.0.(i+1) and fd00::(i+1), so that blocks can cut between them. */
function makePod({ families, nodeName, workload, sharesAddress, ...body }: PodBody, index: number): Pod {
  const number = sharesAddress ? Math.max(index, 1) : index + 1;
  const node = nodeName === "n2" ? 2 : 1;
  const own = (family: 4 | 6) => address(family === 4 ? `10.0.0.${number}` : `fd00::${number}`);
  const host = (family: 4 | 6) => address(family === 4 ? `10.1.0.${node}` : `fd01::${node}`);
  return {
    kind: "Pod",
    name: `p${index}`,
    ...body,
    addresses: families.map(body.hostNetwork ? host : own),
    ...(nodeName !== undefined && { nodeName }),
    ...(workload !== undefined && { workload }),
  };
}

const namespaces: fc.Arbitrary<readonly Namespace[]> = fc
  .tuple(...namespaceNames.map((name) => fc.tuple(fc.constant(name), fc.option(labels, { nil: undefined }))))
  .map((given) =>
    given.flatMap(([name, own]): Namespace[] =>
      own === undefined ? [] : [{ kind: "Namespace", name, labels: own }],
    ),
  );

const nodes: fc.Arbitrary<readonly Node[]> = fc.subarray([1, 2]).map((numbers) =>
  numbers.map(
    (i): Node => ({
      kind: "Node",
      name: `n${i}`,
      addresses: [address(`10.1.0.${i}`), address(`fd01::${i}`)],
    }),
  ),
);

/** Namespaces declared or not, up to five pods, up to four policies, up to two nodes. */
export const randomCluster: fc.Arbitrary<RandomCluster> = fc
  .record({
    namespaces,
    nodes,
    pods: fc.array(podBody, { minLength: 1, maxLength: 5 }),
    policies: fc.array(policyBody, { minLength: 1, maxLength: 5 }),
  })
  .map(({ pods, policies, ...rest }) =>
    assemble({
      ...rest,
      pods: pods.map(makePod),
      policies: policies.map((body, index) => ({ kind: "NetworkPolicy", name: `np${index}`, ...body })),
    }),
  );

function assemble(cluster: OracleCluster): RandomCluster {
  const { namespaces, nodes, pods, policies } = cluster;
  return { ...cluster, objects: [...namespaces, ...nodes, ...pods, ...policies], outside };
}

/** Every protocol, on ports around those that policies name. */
export const randomProbes: fc.Arbitrary<
  readonly { readonly protocol: FlowProtocol; readonly port: number }[]
> = fc.array(
  fc.oneof(
    fc.record({ protocol: fc.constantFrom<FlowProtocol>(...protocols), port: fc.constantFrom(...ports) }),
    fc.constant({ protocol: "ICMP" as const, port: 0 }),
  ),
  { minLength: 1, maxLength: 2 },
);

/** Pods, pods at each of their addresses, and everybody's bare addresses: every way to name an end of a flow. */
export function endpointsOf({ pods, nodes, outside: strangers }: RandomCluster): readonly Endpoint[] {
  const bare = new Map<string, Address>();
  for (const { addresses } of [...pods, ...nodes]) for (const one of addresses) bare.set(one.text, one);
  return [
    ...pods.map((pod) => ({ pod })),
    ...[...bare.values(), ...strangers].map((one) => ({ address: one })),
  ];
}

/** Every ordered pair of endpoints, for every probe; a pair of bare addresses only when one of them is a pod's. */
export function* flowsOf(
  cluster: RandomCluster,
  probes: readonly { readonly protocol: FlowProtocol; readonly port: number }[],
): Generator<Flow> {
  const endpoints = endpointsOf(cluster);
  const podAddresses = new Set(cluster.pods.flatMap(({ addresses }) => addresses.map(({ text }) => text)));
  const concernsPod = ({ pod, address: one }: Endpoint) => pod !== undefined || podAddresses.has(one!.text);
  for (const source of endpoints) {
    for (const destination of endpoints) {
      if (!concernsPod(source) && !concernsPod(destination)) continue;
      for (const probe of probes) yield { source, destination, ...probe };
    }
  }
}
