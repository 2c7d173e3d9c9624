import type { Endpoint } from "../http-transport.ts";
import type { ChosenContext } from "./choose-context.ts";
import { booleanField, pemField, textField } from "./entry-fields.ts";
import type { ExecCluster } from "./exec-credential.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { userCredentials } from "./user-credentials.ts";

/**
 * Where the API of a context is and how its user is known there.
 * @throws KubeconfigError for what is missing, cannot be read, or is asked for and cannot be done: a proxy.
 */
export function contextEndpoint({ cluster, user }: ChosenContext): Endpoint {
  const wrong = (what: string, mend?: string) =>
    new KubeconfigError(`${cluster.file}: cluster "${cluster.name}" ${what}`, mend);
  const url = textField(cluster, "server");
  if (url === undefined) throw wrong("has no server");
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw wrong(`has the server "${url}", which is no URL`);
  const proxy = textField(cluster, "proxy-url");
  if (proxy !== undefined) {
    throw wrong(
      `is behind the proxy ${proxy}, and Portcullis speaks to no proxy`,
      "Let kubectl do it: run `kubectl proxy` and use its address as the server of another context.",
    );
  }
  const ca = pemField(cluster, "certificate-authority");
  const serverName = textField(cluster, "tls-server-name");
  const insecure = booleanField(cluster, "insecure-skip-tls-verify");
  if (insecure && ca !== undefined)
    throw wrong("has both a certificate-authority and insecure-skip-tls-verify; one contradicts the other");
  const execCluster: ExecCluster = {
    server: url,
    ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
    ...(insecure ? { "insecure-skip-tls-verify": true } : {}),
    ...(ca === undefined ? {} : { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
  };
  return {
    url,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(insecure ? { insecureSkipTlsVerify: true } : {}),
    ...(user === undefined ? {} : userCredentials(user, execCluster)),
  };
}
