import { readFileSync } from "node:fs";
import { clusterNetwork } from "../../cluster-network.ts";
import type { NetworkNamespace } from "../system/namespaces.ts";
import type { RawPod } from "./raw-pod.ts";

/** Where a pod's containers run. */
export interface PodPlace {
  readonly hostName: string;
  readonly addresses: readonly string[];
  /** Undefined is the node's own. */
  readonly network: NetworkNamespace | undefined;
  /** What every container of the pod has in /etc: path → text. */
  readonly files: Readonly<Record<string, string>>;
}

const clusterDomain = "cluster.local";
/** hostname(7) allows 64, and the kubelet one less. */
const longestHostName = 63;

export function podPlace(
  pod: RawPod,
  addresses: readonly string[],
  network: NetworkNamespace | undefined,
): PodPlace {
  const { namespace = "default" } = pod.metadata;
  const { subdomain, setHostnameAsFQDN = false } = pod.spec;
  const short = (pod.spec.hostname || pod.metadata.name).slice(0, longestHostName).replace(/[-.]+$/, "");
  const full = subdomain ? `${short}.${subdomain}.${namespace}.svc.${clusterDomain}` : undefined;
  const hostName = setHostnameAsFQDN && full !== undefined ? full : short;
  const files = {
    "/etc/hostname": `${hostName}\n`,
    "/etc/hosts": hostsFile(pod, addresses, full === undefined ? short : `${full}\t${short}`),
    "/etc/resolv.conf": resolverFile(pod),
  };
  return { hostName, addresses, network, files };
}

function hostsFile({ spec }: RawPod, addresses: readonly string[], names: string): string {
  const { hostAliases = [] } = spec;
  const lines = [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
    ...addresses.map((address) => `${address}\t${names}`),
    ...(hostAliases.length === 0 ? [] : ["", "# Entries added by HostAliases."]),
    ...hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}`),
  ];
  return `${lines.join("\n")}\n`;
}

interface Resolver {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: ReadonlyMap<string, string | undefined>;
}

/** /etc/resolv.conf by the pod's dnsPolicy, with its dnsConfig on top (documentation, "DNS for Services and Pods"). */
function resolverFile(pod: RawPod): string {
  const { nameservers = [], searches = [], options = [] } = pod.spec.dnsConfig ?? {};
  const policy = resolverOf(pod);
  const merged = new Map([...policy.options, ...options.map(({ name, value }) => [name, value] as const)]);
  const words = [...merged].map(([name, value]) => (value ? `${name}:${value}` : name));
  const search = [...new Set([...policy.searches, ...searches])];
  const lines = [
    ...(search.length === 0 ? [] : [`search ${search.join(" ")}`]),
    ...[...new Set([...policy.nameservers, ...nameservers])].map((address) => `nameserver ${address}`),
    ...(words.length === 0 ? [] : [`options ${words.join(" ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function resolverOf({ metadata, spec }: RawPod): Resolver {
  const { dnsPolicy = "ClusterFirst", hostNetwork = false } = spec;
  if (dnsPolicy === "None") return { nameservers: [], searches: [], options: new Map() };
  if (dnsPolicy === "Default" || (dnsPolicy === "ClusterFirst" && hostNetwork)) return hostResolver();
  const domains = [`${metadata.namespace ?? "default"}.svc`, "svc"].map((part) => `${part}.${clusterDomain}`);
  return {
    nameservers: [clusterNetwork.dnsAddress],
    searches: [...domains, clusterDomain],
    options: new Map([["ndots", "5"]]),
  };
}

/** The host's own; what it names cannot be reached from a sandbox, which has no way out. */
function hostResolver(): Resolver {
  const resolver = {
    nameservers: [] as string[],
    searches: [] as string[],
    options: new Map<string, string | undefined>(),
  };
  for (const line of hostFile().split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "nameserver") resolver.nameservers.push(...words.slice(0, 1));
    if (keyword === "search") resolver.searches = words;
    if (keyword === "options") for (const word of words) resolver.options.set(...split(word));
  }
  return resolver;
}

function split(option: string): [string, string | undefined] {
  const [name = "", value] = option.split(":");
  return [name, value];
}

/** A link into /run leads nowhere, since the sandbox has a /run of its own. */
function hostFile(): string {
  try {
    return readFileSync("/etc/resolv.conf", "utf8");
  } catch {
    return "";
  }
}
