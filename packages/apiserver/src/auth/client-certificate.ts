import type { TLSSocket } from "node:tls";
import type { UserInfo } from "./user.ts";

/**
 * The user that a client certificate names: the common name is the user, every organization a group. Undefined without a
 * certificate, and for one that our CA did not issue or that is out of date.
 */
export function certificateUser(socket: TLSSocket): UserInfo | undefined {
  if (!socket.authorized) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const name = single(subject?.CN);
  if (name === undefined || name === "") return undefined;
  const organizations = subject.O as string | readonly string[] | undefined;
  const groups = organizations === undefined ? [] : [organizations].flat();
  const id = `X509SHA256=${fingerprint256.replaceAll(":", "").toLowerCase()}`;
  return {
    name,
    groups: [...new Set([...groups, "system:authenticated"])],
    extra: { "authentication.kubernetes.io/credential-id": [id] },
  };
}

/** Of several common names the last counts, as with Go's crypto/x509. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.at(-1) : value;
}
