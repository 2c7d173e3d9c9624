import type { ApiServer, ListenAddress, TlsOptions } from "@portcullis/apiserver";
import { SandboxError } from "../error.ts";

/** Where Kubernetes' API servers listen. */
const usualPort = 6443;

const loopback = "127.0.0.1";

/**
 * Serves HTTPS on the host's loopback, on the port that was asked for, or else on 6443 if that is free; gives the URL.
 * @throws SandboxError `unusable` when the port that was asked for is taken or not ours to take.
 */
export async function listenOnLoopback(api: ApiServer, tls: TlsOptions, asked?: number): Promise<string> {
  const listen = (port: number) => api.listenSecure({ host: loopback, port }, tls);
  try {
    return urlOf(await listen(asked ?? usualPort));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (asked !== undefined)
      throw new SandboxError(
        "unusable",
        `cannot serve the API on port ${asked}: ${message}`,
        "choose another port",
      );
    return urlOf(await listen(0));
  }
}

function urlOf(address: ListenAddress): string {
  return `https://${loopback}:${"port" in address ? address.port : usualPort}`;
}
