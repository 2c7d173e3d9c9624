import { createHash, randomUUID } from "node:crypto";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString } from "../../json.ts";
import type { StoreKey } from "../../store/store.ts";
import type { UserInfo } from "../user.ts";
import type { Claims, SigningKey } from "./jwt.ts";

/** Who signs a cluster's tokens when nothing else is configured; also the API's own audience. */
export const defaultIssuer = "https://kubernetes.default.svc.cluster.local";

/** A token's end may be this much in the past, for clocks that differ (RFC 7519, section 4.1.4). */
const leewaySeconds = 10;

export interface ServiceAccountTokensOptions {
  readonly key: SigningKey;
  /** The API server itself. */
  readonly issuer: string;
  /** Reads what is stored now: a token ends with what it is bound to. */
  readonly get: (key: StoreKey) => ApiObject | undefined;
  readonly clock: () => Date;
}

/** A Pod, Secret or Node that a token is bound to. */
export interface BoundObject {
  readonly kind: "Pod" | "Secret" | "Node";
  readonly name: string;
  readonly uid: string;
}

export interface TokenRequest {
  readonly account: ApiObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly bound?: BoundObject;
  /** The node that a bound pod runs on. */
  readonly node?: { readonly name: string; readonly uid: string };
}

/** Makes and reads the tokens of service accounts (authentication.k8s.io/v1 TokenRequest). */
export class ServiceAccountTokens {
  readonly issuer: string;
  readonly #options: ServiceAccountTokensOptions;

  constructor(options: ServiceAccountTokensOptions) {
    this.issuer = options.issuer;
    this.#options = options;
  }

  issue(request: TokenRequest): { readonly token: string; readonly expires: Date } {
    const { account, bound, node } = request;
    const { name, namespace = "", uid } = account.metadata;
    const now = Math.floor(this.#options.clock().getTime() / 1000);
    const exp = now + request.expirationSeconds;
    const audiences = request.audiences.length > 0 ? request.audiences : [this.issuer];
    const token = this.#options.key.sign({
      aud: audiences,
      exp,
      iat: now,
      iss: this.issuer,
      jti: randomUUID(),
      "kubernetes.io": {
        namespace,
        serviceaccount: { name, uid },
        ...(bound === undefined ? {} : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
        ...(node === undefined ? {} : { node }),
      },
      nbf: now,
      sub: userName(namespace, name),
    });
    return { token, expires: new Date(exp * 1000) };
  }

  /** The service account, when the token is one of ours for one of these audiences and all that it names still exists. */
  authenticate(
    token: string,
    audiences: readonly string[] = [this.issuer],
  ): { readonly user: UserInfo; readonly audiences: readonly string[] } | undefined {
    const claims = this.#options.key.verify(token);
    if (claims === undefined || claims.iss !== this.issuer || !this.#inTime(claims)) return undefined;
    const meant = audiencesOf(claims).filter((audience) => audiences.includes(audience));
    const user = meant.length > 0 ? this.#user(claims) : undefined;
    return user === undefined ? undefined : { user, audiences: meant };
  }

  #inTime({ exp, nbf }: Claims): boolean {
    const now = this.#options.clock().getTime() / 1000;
    return (
      typeof exp === "number" && now < exp + leewaySeconds && (!isNumber(nbf) || nbf - leewaySeconds <= now)
    );
  }

  #user(claims: Claims): UserInfo | undefined {
    const own = asRecord(claims["kubernetes.io"]);
    const namespace = asString(own.namespace);
    const { name, uid } = reference(own.serviceaccount);
    if (claims.sub !== userName(namespace, name)) return undefined;
    if (!this.#lives("serviceaccounts", namespace, { name, uid })) return undefined;
    const extra: Record<string, readonly string[]> = {};
    if (typeof claims.jti === "string")
      extra["authentication.kubernetes.io/credential-id"] = [`JTI=${claims.jti}`];
    for (const [claim, resource] of boundKinds) {
      if (own[claim] === undefined) continue;
      const bound = reference(own[claim]);
      const inNamespace = claim === "node" ? "" : namespace;
      // Beside a pod, the node only tells where the pod was put.
      if (!(claim === "node" && own.pod !== undefined) && !this.#lives(resource, inNamespace, bound))
        return undefined;
      if (claim === "secret") continue;
      extra[`authentication.kubernetes.io/${claim}-name`] = [bound.name];
      extra[`authentication.kubernetes.io/${claim}-uid`] = [bound.uid];
    }
    return serviceAccountUser(namespace, name, uid, extra);
  }

  /** There, the same one, and not on its way out for longer than a deletion takes. */
  #lives(resource: string, namespace: string, { name, uid }: Reference): boolean {
    const object = this.#options.get({ resource, namespace, name });
    if (object === undefined || object.metadata.uid !== uid) return false;
    const deleted = object.metadata.deletionTimestamp;
    if (typeof deleted !== "string") return true;
    return this.#options.clock().getTime() < Date.parse(deleted) + terminationLeewayMs;
  }
}

/** A pod that is being ended may still use its token a while (pkg/serviceaccount, claims validation: 60 seconds). */
const terminationLeewayMs = 60_000;

const boundKinds = [
  ["node", "nodes"],
  ["pod", "pods"],
  ["secret", "secrets"],
] as const;

interface Reference {
  readonly name: string;
  readonly uid: string;
}

function reference(value: unknown): Reference {
  const { name, uid } = asRecord(value);
  return { name: asString(name), uid: asString(uid) };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function audiencesOf({ aud }: Claims): readonly string[] {
  return typeof aud === "string" ? [aud] : asList(aud).map(asString);
}

function userName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The user that a service account is. */
export function serviceAccountUser(
  namespace: string,
  name: string,
  uid?: string,
  extra: Readonly<Record<string, readonly string[]>> = {},
): UserInfo {
  return {
    name: userName(namespace, name),
    ...(uid === undefined ? {} : { uid }),
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

/** Names a key by its public part, so that who has two keys can tell which one to try. */
export function keyId(publicKeyDer: Buffer): string {
  return createHash("sha256").update(publicKeyDer).digest("base64url");
}
