import type { CredentialSource } from "../http-transport.ts";
import { pemField, textField } from "./entry-fields.ts";
import { type ExecCluster, execCredentials } from "./exec-credential.ts";
import { isRecord, type KubeconfigEntry, pathIn } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { tokenFile } from "./token-file.ts";

/** How a user of a kubeconfig is known to the server. */
export interface UserCredentials {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly credentials?: CredentialSource;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Reads `users[].user` as client-go does: a token counts before a token's file, and a program is asked only when there is
 * neither.
 * @throws KubeconfigError for what we cannot use: auth-provider, which kubectl has given up too, and half a key pair.
 */
export function userCredentials(user: KubeconfigEntry, cluster: ExecCluster): UserCredentials {
  const wrong = (what: string, mend?: string) =>
    new KubeconfigError(`${user.file}: user "${user.name}" ${what}`, mend);
  if (user.fields["auth-provider"]) {
    throw wrong(
      "uses auth-provider, which clients do not support any more",
      "Use an exec plugin or a token.",
    );
  }
  const cert = pemField(user, "client-certificate");
  const key = pemField(user, "client-key");
  if ((cert === undefined) !== (key === undefined))
    throw wrong(cert === undefined ? "has a client-key without its certificate" : "has no client-key");
  const token = textField(user, "token");
  const file = textField(user, "tokenFile");
  const password = textField(user, "password");
  const basic = textField(user, "username");
  const headers = {
    ...impersonation(user),
    ...(basic !== undefined && token === undefined && file === undefined
      ? { authorization: `Basic ${Buffer.from(`${basic}:${password ?? ""}`).toString("base64")}` }
      : {}),
  };
  return {
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(token !== undefined
      ? { token }
      : file !== undefined
        ? { credentials: tokenFile(pathIn(user, file)) }
        : isRecord(user.fields.exec)
          ? { credentials: execCredentials(user, cluster) }
          : {}),
  };
}

/** Whom the user wants to be taken for (`as`, `as-uid`, `as-groups`, `as-user-extra`). */
function impersonation(user: KubeconfigEntry): Readonly<Record<string, string | readonly string[]>> {
  const name = textField(user, "as");
  const uid = textField(user, "as-uid");
  const groups = user.fields["as-groups"] ?? [];
  const extra = user.fields["as-user-extra"] ?? {};
  if (!Array.isArray(groups) || !isRecord(extra))
    throw new KubeconfigError(`${user.file}: as-groups or as-user-extra of "${user.name}" cannot be read`);
  if (name === undefined) return {};
  return {
    "Impersonate-User": name,
    ...(uid === undefined ? {} : { "Impersonate-Uid": uid }),
    ...(groups.length === 0 ? {} : { "Impersonate-Group": groups.map(String) }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `Impersonate-Extra-${encodeURIComponent(key)}`,
        [values].flat().map(String),
      ]),
    ),
  };
}
