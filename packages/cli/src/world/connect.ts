import { type ClusterConnection, clientFor, type KubeClient, ownCluster } from "@portcullis/kube";
import { attachSandbox, SandboxError } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { version } from "../version.ts";
import type { WorldSource } from "./world-source.ts";

/** A cluster or a sandbox that can be asked. */
export interface Connection {
  readonly client: KubeClient;
  /** `context prod`, `sandbox default`, `this pod's cluster`. */
  readonly where: string;
  close(): void;
}

/**
 * Fails with exit code 3 when there is nothing to ask, and with KubeconfigError. `files` says whether the command could have
 * been about files (default true).
 */
export async function connect(
  source: Exclude<WorldSource, { kind: "files" }>,
  io: Io,
  { files = true }: { readonly files?: boolean } = {},
): Promise<Connection> {
  if (source.kind === "sandbox") return sandbox(source.name);
  if (source.kind === "nearest") return nearest(io, files);
  const { kubeconfig, context } = source;
  return connected(clientFor({ kubeconfig, context, env: io.env, userAgent: userAgent() }));
}

async function nearest(io: Io, files: boolean): Promise<Connection> {
  try {
    return await sandbox("default");
  } catch (error) {
    if (!(error instanceof SandboxError) || error.code !== "not-running") throw error;
    const own = ownCluster({ env: io.env, userAgent: userAgent() });
    if (own !== undefined) return connected(own);
    throw new CliError(
      exitCode.unavailable,
      `there is nothing to look at: ${files ? "no files were named and " : ""}no sandbox runs`,
      `Name ${files ? "manifests with -f, " : ""}a cluster with --context or --cluster, or start a sandbox with: portcullis up`,
    );
  }
}

async function sandbox(name: string): Promise<Connection> {
  const { client } = await attachSandbox(name);
  return { client, where: `sandbox ${name}`, close: () => {} };
}

function connected({ client, context }: ClusterConnection): Connection {
  const where = context === undefined ? "this pod's cluster" : `context ${context}`;
  return { client, where, close: () => client.close() };
}

function userAgent(): string {
  return `portcullis/${version()}`;
}
