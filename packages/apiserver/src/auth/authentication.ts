import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { certificateUser } from "./client-certificate.ts";
import { impersonated } from "./impersonation.ts";
import type { ServiceAccountTokens } from "./tokens/service-account-tokens.ts";
import type { StaticTokens } from "./tokens/static-tokens.ts";
import { type Authorizer, systemMaster, type UserInfo } from "./user.ts";
import { webSocketToken } from "./websocket-token.ts";

/** Who has shown nothing; may look at these paths, where the authorizer lets it (system:public-info-viewer). */
const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

const publicPaths = new Set(["/healthz", "/livez", "/readyz", "/version"]);

export interface AuthenticationOptions {
  readonly staticTokens: StaticTokens;
  readonly serviceAccounts: ServiceAccountTokens;
  readonly authorizer: Authorizer;
}

/**
 * Who makes a request. Over TLS: whoever its bearer token or client certificate says, and nobody else. Without TLS: the
 * superuser, for the API is then served on a socket file that only its owner can open.
 */
export class Authentication {
  readonly #options: AuthenticationOptions;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
  }

  /** Undefined: nobody that is known. Throws Forbidden when the user may not impersonate whom it wants to. */
  authenticate(request: IncomingMessage): UserInfo | undefined {
    const user = this.#user(request);
    return user === undefined
      ? undefined
      : impersonated(user, request.headersDistinct, this.#options.authorizer);
  }

  /** The user of a bearer token, and which of the audiences it was made for. */
  authenticateToken(
    token: string,
    audiences: readonly string[] = [this.#options.serviceAccounts.issuer],
  ): { readonly user: UserInfo; readonly audiences: readonly string[] } | undefined {
    const { staticTokens, serviceAccounts } = this.#options;
    const known = staticTokens.authenticate(token);
    if (known === undefined) return serviceAccounts.authenticate(token, audiences);
    // A static token is for the API server.
    const meant = audiences.filter((audience) => audience === serviceAccounts.issuer);
    return meant.length === 0 ? undefined : { user: known, audiences: meant };
  }

  #user(request: IncomingMessage): UserInfo | undefined {
    const { socket, headers, url = "" } = request;
    if (!(socket instanceof TLSSocket)) return systemMaster;
    const certified = certificateUser(socket);
    if (certified !== undefined) return certified;
    const token = bearerToken(headers.authorization) ?? webSocketToken(request);
    // A wrong token is refused also where nobody has to show one.
    if (token !== undefined) return this.authenticateToken(token)?.user;
    const [path = ""] = url.split("?");
    return publicPaths.has(path) ? anonymous : undefined;
  }
}

/** RFC 6750, section 2.1. Undefined when the header is of another kind, or absent. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme, token] = (header ?? "")
    .trim()
    .split(" ")
    .filter((part) => part !== "");
  return scheme?.toLowerCase() === "bearer" ? (token ?? "") : undefined;
}
