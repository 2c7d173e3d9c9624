import { type Cluster, type ConnectionListOptions, type Pod, parseCidr } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { parsePortFilter, portsTowards } from "./port-filter.ts";
import { selectPods } from "./select-pods.ts";

/** What the options of `list` and `matrix` say about which connections are shown. */
export interface SelectionOptions extends WorldOptions {
  readonly pods?: boolean;
  readonly focus?: readonly string[];
  readonly direction?: "ingress" | "egress";
  readonly peer?: readonly string[];
  readonly port?: readonly string[];
  readonly denied?: boolean;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
}

/** Fails with CliError (exit code 2) for what does not exist or cannot be read. */
export function listOptions(cluster: Cluster, options: SelectionOptions): ConnectionListOptions {
  const namespace = options.allNamespaces === true ? undefined : options.namespace;
  const focus = options.focus && focusOf(cluster, options.focus, namespace);
  const ports = options.port && parsePortFilter(options.port);
  return {
    byPod: options.pods === true,
    denied: options.denied === true,
    ...(focus !== undefined
      ? { focus: (pod) => focus.has(pod) }
      : namespace !== undefined && { focus: (pod) => pod.namespace === namespace }),
    ...(options.direction && { direction: options.direction === "ingress" ? "Ingress" : "Egress" }),
    ...(options.peer && { peer: peerFilter(cluster, options.peer, namespace) }),
    ...(ports && {
      within: ports.named.length === 0 ? ports.fixed : (destination) => portsTowards(ports, destination),
    }),
  };
}

function focusOf(
  cluster: Cluster,
  texts: readonly string[],
  namespace: string | undefined,
): ReadonlySet<Pod> {
  const { pods, addresses } = selectPods(cluster, texts, namespace);
  if (pods.size > 0) return pods;
  const [first] = addresses;
  throw new CliError(
    exitCode.usage,
    `--focus ${first?.text ?? texts.join()}: no pod has such an address`,
    "Addresses outside the cluster are the other side of a connection: write --peer.",
  );
}

const everywhere = ["0.0.0.0/0", "::/0"].map((text) => parseCidr(text)!);

function peerFilter(
  cluster: Cluster,
  texts: readonly string[],
  namespace: string | undefined,
): NonNullable<ConnectionListOptions["peer"]> {
  const named = texts.filter((text) => text !== "outside");
  const { pods, addresses } = selectPods(cluster, named, namespace);
  return {
    pods: (pod) => pods.has(pod),
    addresses: named.length < texts.length ? everywhere : addresses,
  };
}
