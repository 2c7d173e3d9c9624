import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

// This module takes a tenth of a second to load: import it when the certificates are needed.

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate and its private key, as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is to say; it is for clients when it names no hosts. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** DNS names and addresses that a server answers to. */
  readonly hosts?: readonly string[];
}

/** A certificate authority that lives as long as this process: its key is never written anywhere. */
export class CertificateAuthority {
  /** PEM. */
  readonly cert: string;
  readonly #cert: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(cert: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.cert = pem(cert);
    this.#cert = cert;
    this.#key = key;
  }

  static async make(commonName: string): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
    const cert = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(),
      serialNumber: serial(),
      name: [{ CN: [commonName] }],
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(keyCertSign | cRLSign | digitalSignature, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(cert, keys.privateKey);
  }

  /** A new key and a certificate for it. */
  async issue({ commonName, organizations = [], hosts = [] }: Subject): Promise<KeyPair> {
    const keys = await newKeys();
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    const cert = await x509.X509CertificateGenerator.create({
      ...validity(),
      serialNumber: serial(),
      subject: [...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }],
      issuer: this.#cert.subject,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([hosts.length > 0 ? serverAuth : clientAuth]),
        ...(hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension(hosts.map(generalName))] : []),
        await x509.AuthorityKeyIdentifierExtension.create(this.#cert.publicKey),
      ],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { cert: pem(cert), key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n` };
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

/** From an hour ago, for clocks that differ, for a year: longer than any sandbox runs. */
function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const hour = 3_600_000;
  return { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 365 * 24 * hour) };
}

/** Positive and of 16 bytes, and no other certificate has it (RFC 5280, section 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function generalName(host: string): { readonly type: "ip" | "dns"; readonly value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host };
}

function pem(cert: x509.X509Certificate): string {
  return `${cert.toString("pem")}\n`;
}
