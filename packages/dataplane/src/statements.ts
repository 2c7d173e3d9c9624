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

export function match(fields: readonly Field[], ...values: readonly string[]): Statement {
  return { kind: "match", fields, values: values.map((value) => [value]) };
}

export function lookup(fields: readonly Field[], set: string): Statement {
  return { kind: "lookup", fields, set };
}

export function vmap(fields: readonly Field[], map: string): Statement {
  return { kind: "vmap", fields, map };
}
