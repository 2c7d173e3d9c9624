import { type Cluster, type LabelSelector, matchesSelector, type Pod } from "@portcullis/engine";
import { sourcesOf } from "../can/find-peer.ts";
import type { PeerRef } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/**
 * The pods of the ingress controller: those of the cluster that are meant, or one made up with the labels that a selector
 * asks for. Fails with CliError (exit code 2) when there is none and none can be made up.
 */
export function controllerPods(cluster: Cluster, peer: PeerRef): readonly Pod[] {
  if (peer.kind === "selected" && peer.namespace !== undefined) {
    const present = cluster
      .pods(peer.namespace)
      .filter(({ labels }) => matchesSelector(peer.selector, labels));
    return present.length > 0 ? present : [madeUp(peer.namespace, peer.selector, peer.text)];
  }
  const pods = sourcesOf(cluster, peer).flatMap(({ endpoint }) => endpoint.pod ?? []);
  if (pods.length > 0) return pods;
  throw new CliError(
    exitCode.usage,
    "--ingress-controller names no pods",
    "Write NAMESPACE/[LABELS], for example ingress-nginx/[app.kubernetes.io/name=ingress-nginx].",
  );
}

/** A pod that the selector finds: labels that must have a value get the first that is asked for. */
function madeUp(namespace: string, { matchExpressions }: LabelSelector, text: string): Pod {
  const labels = Object.fromEntries(
    matchExpressions.flatMap(({ key, operator, values }) => {
      if (operator === "In") return [[key, values[0]!]];
      return operator === "Exists" ? [[key, ""]] : [];
    }),
  );
  return {
    kind: "Pod",
    namespace,
    name: text.slice(text.indexOf("/") + 1),
    labels,
    addresses: [],
    hostNetwork: false,
    phase: "Running",
    ports: [],
  };
}
