import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Store } from "../store/store.ts";
import { Authentication } from "./authentication.ts";
import { RbacAuthorizer } from "./rbac/rbac-authorizer.ts";
import { RbacIndex } from "./rbac/rbac-index.ts";
import { SigningKey } from "./tokens/jwt.ts";
import { defaultIssuer, keyId, ServiceAccountTokens } from "./tokens/service-account-tokens.ts";
import { StaticTokens } from "./tokens/static-tokens.ts";
import type { Access, UserInfo } from "./user.ts";

export interface AccessOptions {
  /** Tokens that open the door from the start, each for one user. */
  readonly tokens?: readonly { readonly token: string; readonly user: UserInfo }[];
  /** Signs the tokens of service accounts: a private key as PEM, ECDSA P-256 or RSA (default: a new one). */
  readonly serviceAccountKey?: string;
  /** Who those tokens say they come from, and whom they are for when nothing else is asked. */
  readonly issuer?: string;
}

/** Who may come in and what they may do, as the stored service accounts, roles and bindings say. */
export class AccessControl implements Access {
  readonly authorizer: RbacAuthorizer;
  readonly serviceAccounts: ServiceAccountTokens;
  readonly #authentication: Authentication;
  readonly #index: RbacIndex;

  /** Throws for a key that cannot be read or is of another kind. */
  constructor(store: Pick<Store, "get" | "list" | "watch">, clock: () => Date, options: AccessOptions = {}) {
    const { tokens = [], serviceAccountKey, issuer = defaultIssuer } = options;
    const key = serviceAccountKey === undefined ? newKey() : createPrivateKey(serviceAccountKey);
    this.#index = new RbacIndex(store);
    this.authorizer = new RbacAuthorizer(this.#index);
    this.serviceAccounts = new ServiceAccountTokens({
      key: new SigningKey(key, keyId(createPublicKey(key).export({ type: "spki", format: "der" }))),
      issuer,
      get: (storeKey) => store.get(storeKey),
      clock,
    });
    this.#authentication = new Authentication({
      staticTokens: new StaticTokens(tokens),
      serviceAccounts: this.serviceAccounts,
      authorizer: this.authorizer,
    });
  }

  authenticate(request: IncomingMessage): UserInfo | undefined {
    return this.#authentication.authenticate(request);
  }

  /** The user of a bearer token, and for which of the audiences (the API server's own, by default) it is good. */
  authenticateToken(...asked: Parameters<Authentication["authenticateToken"]>) {
    return this.#authentication.authenticateToken(...asked);
  }

  close(): void {
    this.#index.close();
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}
