import {
  type Cidr,
  type Cluster,
  cidrContains,
  cidrFromAddress,
  matchesSelector,
  type Pod,
  servicePods,
} from "@portcullis/engine";
import { nearest } from "../input/nearest.ts";
import { type PeerRef, parsePeer } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What `--focus` and `--peer` name: pods, and addresses outside. */
export interface Selected {
  readonly pods: ReadonlySet<Pod>;
  readonly addresses: readonly Cidr[];
}

/** Every namespace, for a name that is given without one. */
const anyNamespace = "*";

/**
 * Looks up peers by name, Service, selector, address or prefix; a name without a namespace is looked for in `namespace`,
 * or everywhere. Fails with CliError (exit code 2), and a guess, for a name that nothing has.
 */
export function selectPods(
  cluster: Cluster,
  texts: readonly string[],
  namespace: string | undefined,
): Selected {
  const pods = new Set<Pod>();
  const addresses: Cidr[] = [];
  for (const text of texts) {
    const found = select(cluster, parsePeer(text, namespace ?? anyNamespace), text);
    for (const pod of found.pods) pods.add(pod);
    addresses.push(...found.addresses);
  }
  return { pods, addresses };
}

function select(
  cluster: Cluster,
  peer: PeerRef,
  text: string,
): { readonly pods: readonly Pod[]; readonly addresses: readonly Cidr[] } {
  if (peer.kind === "address" || peer.kind === "cidr") {
    const cidr = peer.kind === "cidr" ? peer.cidr : cidrFromAddress(peer.address);
    const inside = ({ addresses }: Pod) => addresses.some((address) => cidrContains(cidr, address));
    return { pods: cluster.pods().filter(inside), addresses: [cidr] };
  }
  const all = cluster.pods(withName(peer.namespace));
  const pods =
    peer.kind === "selected"
      ? all.filter(({ labels }) => matchesSelector(peer.selector, labels))
      : peer.type === "Service"
        ? behind(cluster, peer)
        : all.filter((pod) => isCalled(pod, peer));
  return pods.length > 0 ? { pods, addresses: [] } : notFound(cluster, peer, text);
}

const withName = (namespace: string | undefined): string | undefined =>
  namespace === anyNamespace ? undefined : namespace;

type NamedPeer = Extract<PeerRef, { kind: "object" }>;

function behind(cluster: Cluster, { namespace, name }: NamedPeer): readonly Pod[] {
  return cluster
    .services()
    .filter(
      (service) => service.name === name && (namespace === anyNamespace || service.namespace === namespace),
    )
    .flatMap((service) => servicePods(cluster, service));
}

/** A pod answers to its own name and to that of the workload that it stands for or that made it. */
function isCalled({ name, workload, owner }: Pod, peer: NamedPeer): boolean {
  const made = workload ?? owner;
  if (peer.type === "") return name === peer.name || made?.name === peer.name;
  if (peer.type === "Pod") return name === peer.name && workload === undefined;
  return made?.kind === peer.type && made.name === peer.name;
}

function notFound(
  cluster: Cluster,
  peer: Exclude<PeerRef, { kind: "address" | "cidr" }>,
  text: string,
): never {
  if (peer.kind === "selected") throw new CliError(exitCode.usage, `no pod matches ${text}`);
  const here = cluster.pods(withName(peer.namespace));
  const close = nearest(peer.name, [
    ...new Set(here.map(({ name, workload, owner }) => (workload ?? owner)?.name ?? name)),
  ]);
  const namespaces = cluster.namespaces().map(({ name }) => name);
  const mend =
    close !== undefined
      ? `Did you mean ${close}?`
      : here.length === 0
        ? `Namespaces: ${namespaces.slice(0, 8).join(", ")}${namespaces.length > 8 ? ", …" : ""}.`
        : "Write NAME, NAMESPACE/NAME, NAMESPACE/KIND/NAME, svc/NAME, NAMESPACE/[app=web] or an address.";
  const where = peer.namespace === anyNamespace ? "" : ` in namespace ${peer.namespace}`;
  throw new CliError(
    exitCode.usage,
    `there is no ${peer.type || "pod or workload"} "${peer.name}"${where}`,
    mend,
  );
}
