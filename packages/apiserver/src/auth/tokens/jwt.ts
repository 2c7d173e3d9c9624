import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { isRecord } from "../../json.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** A key that signs tokens, with the algorithm that follows from its type (RFC 7518, section 3.1). */
export class SigningKey {
  readonly algorithm: "ES256" | "RS256";
  readonly id: string | undefined;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  /** Throws RangeError for a key that is neither ECDSA on P-256 nor RSA. */
  constructor(key: KeyObject, id?: string) {
    this.algorithm = algorithmOf(key);
    this.id = id;
    this.#private = key;
    this.#public = createPublicKey(key);
  }

  /** A signed token in compact form (RFC 7515, section 3.1). */
  sign(claims: Claims): string {
    const header = { alg: this.algorithm, ...(this.id === undefined ? {} : { kid: this.id }) };
    const text = `${encode(header)}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key: this.#private, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }

  /**
   * What the token says, if this key signed it; it says nothing of times. The algorithm is the key's own: what the
   * token's header names must be the same, so that no token can choose how it is verified (RFC 8725, section 3.1).
   */
  verify(token: string): Claims | undefined {
    const parts = token.split(".");
    const [head, body, signature] = parts as [string, string, string];
    if (parts.length !== 3 || !parts.every(isBase64Url)) return undefined;
    const header = decode(head);
    if (header?.alg !== this.algorithm || header.crit !== undefined) return undefined;
    const key = { key: this.#public, dsaEncoding: "ieee-p1363" } as const;
    const genuine = verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      key,
      Buffer.from(signature, "base64url"),
    );
    return genuine ? decode(body) : undefined;
  }
}

function algorithmOf(key: KeyObject): "ES256" | "RS256" {
  if (key.type !== "private") throw new RangeError("tokens are signed with a private key");
  if (key.asymmetricKeyType === "rsa") return "RS256";
  if (key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1") return "ES256";
  throw new RangeError("tokens are signed with ECDSA on P-256 or with RSA");
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Without padding, and in the one spelling of these bytes: a token cannot be written in two ways. */
function isBase64Url(text: string): boolean {
  return text !== "" && Buffer.from(text, "base64url").toString("base64url") === text;
}

function decode(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
