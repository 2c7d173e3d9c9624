import type { Cidr } from "@portcullis/engine";
import type { Field, Rule, Statement, Verdict } from "@portcullis/nft";
import type { IpVersion } from "./names.ts";

// Short words for the statements that our rules are made of.

export function ip(version: IpVersion, end: "saddr" | "daddr"): Field {
  return version === 4 ? `ip ${end}` : `ip6 ${end}`;
}

export function rule(...statements: Statement[]): Rule {
  return { statements };
}

export function verdict(value: Verdict): Statement {
  return { kind: "verdict", verdict: value };
}

export function goto(chain: string): Statement {
  return verdict({ kind: "goto", chain });
}

export function match(fields: readonly Field[], ...values: readonly string[]): Statement {
  return { kind: "match", fields, values: values.map((value) => [value]) };
}

/** nftables reads a prefix of length 0 as no condition at all; the family then has to be said. */
export function within(cidr: Cidr, end: "saddr" | "daddr"): Statement {
  const { family, prefix, text } = cidr;
  if (prefix === 0) return match(["meta nfproto"], family === 4 ? "ipv4" : "ipv6");
  const whole = prefix === (family === 4 ? 32 : 128);
  return match([ip(family, end)], whole ? text.slice(0, text.indexOf("/")) : text);
}

export function lookup(fields: readonly Field[], set: string): Statement {
  return { kind: "lookup", fields, set };
}

export function vmap(fields: readonly Field[], map: string): Statement {
  return { kind: "vmap", fields, map };
}
