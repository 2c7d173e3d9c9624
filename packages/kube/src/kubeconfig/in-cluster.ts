import { existsSync } from "node:fs";
import path from "node:path";
import type { Endpoint } from "../http-transport.ts";
import { type Env, readText } from "./load-kubeconfig.ts";
import { tokenFile } from "./token-file.ts";

/** Where a kubelet puts the credentials of a pod's service account. */
const serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface InCluster {
  readonly endpoint: Endpoint;
  /** The pod's own. */
  readonly namespace: string;
}

/** How a pod reaches the API of its own cluster; undefined where this is no pod, or one without a service account. */
export function inCluster(env: Env, directory = serviceAccountDirectory): InCluster | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const token = path.join(directory, "token");
  if (!host || !port || !existsSync(token)) return undefined;
  const ca = path.join(directory, "ca.crt");
  const namespace = path.join(directory, "namespace");
  return {
    endpoint: {
      url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      credentials: tokenFile(token),
      ...(existsSync(ca) ? { ca: readText(ca) } : {}),
    },
    namespace: existsSync(namespace) ? readText(namespace).trim() : "default",
  };
}
