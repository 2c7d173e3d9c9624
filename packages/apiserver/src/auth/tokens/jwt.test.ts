import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SigningKey } from "./jwt.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys: readonly (readonly [string, { publicKey: KeyObject; privateKey: KeyObject }])[] = [
  ["ES256", ec],
  ["RS256", rsa],
];
const claims = { sub: "system:serviceaccount:default:é", exp: 4_000_000_000, nested: { list: [1, "a"] } };
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe.each(keys)("%s", (algorithm, { privateKey, publicKey }) => {
  const key = new SigningKey(privateKey, "id");
  const token = key.sign(claims);
  const [head, body, signature] = token.split(".") as [string, string, string];

  it("reads what it signed", () => {
    expect(key.verify(token)).toEqual(claims);
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: algorithm, kid: "id" });
  });

  it("does not read what another key signed", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(new SigningKey(other).verify(token)).toBeUndefined();
    expect(key.verify(new SigningKey(other, "id").sign(claims))).toBeUndefined();
  });

  it("refuses a token that names another algorithm, whatever signs it", () => {
    const confused = (alg: string, sign: (text: string) => string) => {
      const text = `${encode({ alg })}.${body}`;
      return `${text}.${sign(text)}`;
    };
    const publicText = publicKey.export({ type: "spki", format: "pem" });
    const hmac = (text: string) => createHmac("sha256", publicText).update(text).digest("base64url");
    for (const alg of ["none", "None", "HS256", "ES384", "PS256", ""]) {
      expect(key.verify(confused(alg, () => ""))).toBeUndefined();
      expect(key.verify(confused(alg, () => signature))).toBeUndefined();
      expect(key.verify(confused(alg, hmac))).toBeUndefined();
    }
    expect(key.verify(confused(algorithm, hmac))).toBeUndefined();
  });

  it("refuses a signature of another length, and extensions that must be understood", () => {
    expect(key.verify(`${head}.${body}.`)).toBeUndefined();
    expect(key.verify(`${head}.${body}.${signature.slice(0, -4)}`)).toBeUndefined();
    expect(key.verify(`${head}.${body}.${signature}AAAA`)).toBeUndefined();
    expect(key.verify(`${token}.x`)).toBeUndefined();
  });

  it("refuses a token of which any character is another", () => {
    const character = fc.constantFrom(..."ABCZabcz0159-_.=+/ é");
    const changes = fc.tuple(fc.nat(token.length - 1), character);
    fc.assert(
      fc.property(changes, ([at, other]) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        fc.pre(changed !== token);
        expect(key.verify(changed)).toBeUndefined();
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });

  it("refuses what is no token at all", () => {
    for (const text of [
      "",
      ".",
      "..",
      "a.b.c",
      `${encode([])}.${encode([])}.${encode([])}`,
      "\u0000.\u0000.\u0000",
    ])
      expect(key.verify(text)).toBeUndefined();
  });
});

it("signs with no other kinds of keys", () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const { privateKey: ed25519 } = generateKeyPairSync("ed25519");
  for (const key of [p384, ed25519, ec.publicKey]) expect(() => new SigningKey(key)).toThrow(RangeError);
});
