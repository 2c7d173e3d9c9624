import { type ClusterConnection, clientFor, HttpKubeClient } from "@portcullis/kube";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

export interface AgentClientOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** A URL, or the path of a Unix socket; nobody is asked for credentials there. */
  readonly server?: string;
}

/**
 * The API that an agent is to watch: --server, a context of a kubeconfig, or the cluster of this pod.
 * @throws CliError, KubeconfigError when there is none.
 */
export function agentClient(
  { kubeconfig, context, server }: AgentClientOptions,
  io: Io,
  userAgent: string,
): Pick<ClusterConnection, "client"> {
  if (server === undefined)
    return clientFor({
      env: io.env,
      userAgent,
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    });
  if (kubeconfig !== undefined || context !== undefined)
    throw new CliError(
      exitCode.usage,
      "--server stands for itself: give no --kubeconfig or --context with it",
    );
  return { client: new HttpKubeClient(endpointOf(server), { userAgent }) };
}

function endpointOf(server: string): { readonly url: string } | { readonly socketPath: string } {
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return { url: server };
  const socketPath = server.replace(/^unix:(\/\/)?/, "");
  if (socketPath.startsWith("/")) return { socketPath };
  throw new CliError(
    exitCode.usage,
    `--server ${server}: neither a URL (http://, https://) nor the absolute path of a Unix socket`,
  );
}
