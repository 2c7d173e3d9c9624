import type { DeniedBy } from "../../flows/flow-record.ts";
import { listed } from "../verdict/words.ts";

const reasons = {
  unprogrammed: "its address was not programmed yet",
  changed: "by policies that have changed since",
} as const;

/**
 * Why a side denied, in a few words: `ingress isolated by data/db; nearest: ingress[0] of data/db: matches the peer but
 * only port TCP 5432`.
 */
export function denialText({ direction, policies, reason, nearest }: DeniedBy): string {
  const side = direction === "Ingress" ? "ingress" : "egress";
  if (reason !== "no-match") return `${side} denied: ${reasons[reason]}`;
  const rule = nearest === undefined ? "no rule allows any" : `nearest: ${nearest}`;
  return `${side} isolated by ${listed(policies)}; ${rule}`;
}
