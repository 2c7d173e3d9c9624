import type { PolicyEntry } from "../cluster/policy-entry.ts";
import { servicePods } from "../cluster/service.ts";
import { blockPrefixes } from "../cover/peer-cover.ts";
import { portCover } from "../cover/port-cover.ts";
import type { Pod } from "../model/objects.ts";
import { parseAddress } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import { effects } from "./effects.ts";
import type { LintContext } from "./lint-context.ts";

/** NodeLocal DNSCache listens here by convention (Kubernetes documentation, nodelocaldns). */
const nodeLocal = parseAddress("169.254.20.10")!;

const dnsNames = new Set(["TCP dns-tcp", "UDP dns", "UDP dns-udp", "UDP domain"]);

/**
 * Whether pods that these policies isolate can ask DNS by UDP. Where the cluster's DNS pods are not among what was read,
 * a rule that allows port 53 to anybody gets the benefit of the doubt.
 */
export function dnsAnswer(
  context: LintContext,
  subject: PeerClass | undefined,
  policies: readonly PolicyEntry[],
): "reached" | "dns" | "node-local" {
  const rules = policies.flatMap((policy) => policy.rules.Egress);
  const asking = rules.filter(({ rule }) => {
    const { numbers, names } = portCover(rule.ports);
    return numbers.has("UDP", 53) || [...names].some((name) => dnsNames.has(name));
  });
  const { pods, ports, hasNodeLocal } = context.once(clusterDns);
  if (pods.length === 0 || subject === undefined) {
    if (asking.length === 0) return "dns";
  } else {
    const reach = context.once(effects);
    const reached = pods.some((pod) => {
      const dns = reach.classOf(pod);
      if (dns === undefined) return false;
      const allowed = reach.towards("Egress", subject, dns);
      return [...ports].some((port) => allowed.has("UDP", port));
    });
    if (!reached && !isDns(pods, subject)) return "dns";
  }
  if (!hasNodeLocal) return "reached";
  const toNode = asking.some(
    ({ peers }) =>
      peers.length === 0 ||
      peers.some(
        (peer) =>
          peer.kind === "ipBlock" && blockPrefixes(peer).some((prefix) => cidrContains(prefix, nodeLocal)),
      ),
  );
  return toNode ? "reached" : "node-local";
}

const isDns = (pods: readonly Pod[], subject: PeerClass): boolean =>
  pods.some((pod) => subject.pods.includes(pod));

interface ClusterDns {
  readonly pods: readonly Pod[];
  /** What the pods listen on: 53, or where the Service of port 53 leads. */
  readonly ports: ReadonlySet<number>;
  /** Whether a NodeLocal DNSCache runs. */
  readonly hasNodeLocal: boolean;
}

/** The DNS of the cluster, as far as it is among what was read. */
function clusterDns({ cluster }: LintContext): ClusterDns {
  const pods = new Set(
    cluster
      .pods("kube-system")
      .filter(({ labels }) => ["kube-dns", "coredns"].includes(labels["k8s-app"] ?? "")),
  );
  const ports = new Set<number>([53]);
  for (const service of cluster.services()) {
    const port = service.ports.find(({ protocol, port }) => protocol === "UDP" && port === 53);
    if (port === undefined || !["kube-dns", "coredns", "dns-default"].includes(service.name)) continue;
    if (typeof port.targetPort === "number") ports.add(port.targetPort);
    for (const pod of servicePods(cluster, service)) {
      pods.add(pod);
      for (const own of pod.ports)
        if (own.name === port.targetPort && own.protocol === "UDP") ports.add(own.port);
    }
  }
  const hasNodeLocal = cluster
    .pods("kube-system")
    .some(({ labels }) => labels["k8s-app"] === "node-local-dns");
  return { pods: [...pods], ports, hasNodeLocal };
}
