import type { Counter } from "./set.ts";

export type Verdict =
  | { readonly kind: "accept" | "drop" | "return" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

/** A rule: statements are judged left to right, and the first match that fails ends it. */
export interface Rule {
  readonly statements: readonly Statement[];
  /** Printable ASCII without `"`, at most 128 bytes; anything else is replaced or cut when written (see text.ts). */
  readonly comment?: string;
}

/** What can be read off a packet (nft(8), PRIMARY EXPRESSIONS), as nft writes it. */
export type Field =
  | "ip saddr"
  | "ip daddr"
  | "ip6 saddr"
  | "ip6 daddr"
  | "meta l4proto"
  | "meta nfproto"
  | "meta iifname"
  | "meta oifname"
  | "meta oif"
  | "th sport"
  | "th dport"
  | "tcp sport"
  | "tcp dport"
  | "udp sport"
  | "udp dport"
  | "sctp sport"
  | "sctp dport"
  | "ip6 hoplimit"
  | "icmpv6 type"
  | "ct state"
  | "ct status"
  | "ct direction";

export type Statement =
  /** `FIELD [. FIELD…] [!=] VALUE`; several values are an anonymous set. A value may be a prefix or a range. */
  | {
      readonly kind: "match";
      readonly fields: readonly Field[];
      readonly not?: boolean;
      readonly values: readonly (readonly string[])[];
    }
  /** `FIELD [. FIELD…] [!=] @set` */
  | {
      readonly kind: "lookup";
      readonly fields: readonly Field[];
      readonly not?: boolean;
      readonly set: string;
    }
  /** `tcp flags & (mask) == value`, or `!=` with `not`. */
  | {
      readonly kind: "flags";
      readonly mask: readonly string[];
      readonly not?: boolean;
      readonly value: readonly string[];
    }
  /** `FIELD [. FIELD…] vmap @map` */
  | { readonly kind: "vmap"; readonly fields: readonly Field[]; readonly map: string }
  /** `update @set { FIELD [. FIELD…] counter }` */
  | {
      readonly kind: "update";
      readonly set: string;
      readonly fields: readonly Field[];
      readonly counter: boolean;
    }
  /** With figures only when read back from the kernel. */
  | { readonly kind: "counter"; readonly value?: Counter }
  | {
      readonly kind: "limit";
      readonly rate: number;
      readonly per: "second" | "minute";
      readonly burst?: number;
    }
  /** To an nflog group, never the system log: the kernel drops that silently outside the first network namespace. */
  | { readonly kind: "log"; readonly group: number; readonly prefix?: string }
  /**
   * To one endpoint, or to one of several picked at random. Needs a `meta l4proto` match before it in the rule: nft
   * refuses a port without one.
   */
  | {
      readonly kind: "dnat";
      readonly family: "ip" | "ip6";
      readonly to: readonly { readonly address: string; readonly port: number }[];
    }
  | { readonly kind: "masquerade" }
  | { readonly kind: "reject"; readonly with: "tcp reset" | "icmpx admin-prohibited" }
  | { readonly kind: "verdict"; readonly verdict: Verdict };
