import { HttpKubeClient, type HttpKubeClientOptions } from "../http-kube-client.ts";
import { chooseContext } from "./choose-context.ts";
import { contextEndpoint } from "./context-endpoint.ts";
import { inCluster } from "./in-cluster.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { type KubeconfigPlace, loadKubeconfig } from "./load-kubeconfig.ts";

export interface ClientForOptions extends KubeconfigPlace {
  /** Default: the kubeconfig's current one. */
  readonly context?: string | undefined;
  /** See HttpKubeClientOptions. */
  readonly userAgent?: string;
  /** Where a pod finds its credentials; the kubelet's place when absent. */
  readonly serviceAccountDirectory?: string;
}

/** A cluster that can be spoken to. Close the client when done. */
export interface ClusterConnection {
  readonly client: HttpKubeClient;
  /** The context's name; undefined in a pod that speaks to its own cluster. */
  readonly context: string | undefined;
  readonly server: string;
  /** Of names that are given without one. */
  readonly namespace: string;
}

/**
 * A client of the cluster that kubectl would speak to: a context of the kubeconfig, or, where nothing names one and there
 * is no kubeconfig with a context, the cluster that this pod is in.
 * @throws KubeconfigError when there is none, or its entry cannot be used.
 */
export function clientFor(options: ClientForOptions = {}): ClusterConnection {
  const { context } = options;
  const config = loadKubeconfig(options);
  if (options.kubeconfig === undefined && context === undefined && config.contexts.size === 0) {
    const own = ownCluster(options);
    if (own !== undefined) return own;
    throw new KubeconfigError(
      "there is no kubeconfig with a context, and this is no pod of a cluster",
      "Name one with --kubeconfig or in $KUBECONFIG.",
    );
  }
  const chosen = chooseContext(config, context);
  const endpoint = contextEndpoint(chosen);
  return {
    client: new HttpKubeClient(endpoint, clientOptions(options)),
    context: chosen.name,
    server: urlOf(endpoint),
    namespace: chosen.namespace,
  };
}

/** A client of the cluster that this process is in, as a pod; undefined elsewhere. */
export function ownCluster(
  options: Pick<ClientForOptions, "env" | "userAgent" | "serviceAccountDirectory"> = {},
): ClusterConnection | undefined {
  const own = inCluster(options.env ?? process.env, options.serviceAccountDirectory);
  if (own === undefined) return undefined;
  const client = new HttpKubeClient(own.endpoint, clientOptions(options));
  return { client, context: undefined, server: urlOf(own.endpoint), namespace: own.namespace };
}

function clientOptions({ userAgent }: Pick<ClientForOptions, "userAgent">): HttpKubeClientOptions {
  return userAgent === undefined ? {} : { userAgent };
}

function urlOf(endpoint: { readonly url: string } | { readonly socketPath: string }): string {
  return "url" in endpoint ? endpoint.url : endpoint.socketPath;
}
