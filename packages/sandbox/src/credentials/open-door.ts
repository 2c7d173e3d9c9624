import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiServer } from "@portcullis/apiserver";
import type { SandboxInfo } from "../contract.ts";
import { stateFiles } from "../control.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";
import { makeCredentials } from "./make-credentials.ts";

interface Options {
  /** Of the sandbox. */
  readonly name: string;
  /** Of its state. */
  readonly directory: string;
  /** Of its administrator. */
  readonly token: string;
  readonly apiPort?: number;
}

/**
 * Serves the API over TLS, on the host's loopback and on a socket that the node part passes on to pods, and writes the
 * kubeconfig by which the sandbox's user gets in. `ca` is what signed the certificate, in PEM.
 * @throws SandboxError `unusable` when it cannot be served on the port that was asked for.
 */
export async function openDoor(
  api: ApiServer,
  { name, directory, token, apiPort }: Options,
): Promise<Pick<SandboxInfo, "server" | "kubeconfig"> & { readonly ca: string }> {
  const { ca, server: pair } = await makeCredentials();
  const tls = { ...pair, clientCa: ca };
  await api.listenSecure({ socketPath: join(directory, stateFiles.apiTls) }, tls);
  const server = await listenOnLoopback(api, tls, apiPort);
  const kubeconfig = join(directory, stateFiles.kubeconfig);
  writeFileSync(kubeconfig, kubeconfigText({ sandbox: name, server, ca, token }), { mode: 0o600 });
  return { server, kubeconfig, ca };
}
