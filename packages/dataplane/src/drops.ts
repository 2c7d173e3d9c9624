import type { Nft } from "@portcullis/nft";
import { type CountedFlow, type FlowCount, readFlowCounts } from "./flow-counts.ts";
import { FlowReader } from "./flow-reader.ts";
import type { Tally } from "./flow-sets.ts";

/** One flow that was denied, and how often. */
export interface Drop extends CountedFlow {
  /** The direction whose policies denied it; with `unprogrammed`, the side of the pod that is not programmed. */
  readonly direction: "Ingress" | "Egress";
  /** No rule of the policies matches it; or the pod's address is not programmed yet, and closed until it is. */
  readonly reason: "no-match" | "unprogrammed";
}

/** A flow of which connections were allowed: `packets` are their first ones. */
export type AllowedFlow = CountedFlow;

const denials = {
  drops_egress: { direction: "Egress", reason: "no-match" },
  drops_ingress: { direction: "Ingress", reason: "no-match" },
  unprogrammed_egress: { direction: "Egress", reason: "unprogrammed" },
  unprogrammed_ingress: { direction: "Ingress", reason: "unprogrammed" },
} as const satisfies Partial<Record<Tally, Pick<Drop, "direction" | "reason">>>;

const denying = Object.keys(denials) as (keyof typeof denials)[];
const allowing: readonly Tally[] = ["flows"];

/**
 * What was denied in the last five minutes, by flow. The kernel counts it in sets of bounded size, so nothing is lost
 * for want of a listener; beyond 16,384 flows per direction and family further ones are dropped uncounted (1,024 of
 * those that are not programmed).
 */
export async function readDrops(nft: Nft): Promise<readonly Drop[]> {
  return (await readFlowCounts(nft, denying)).counts.map(dropOf);
}

/** New connections that were allowed in the last five minutes, by flow; up to 16,384 flows per family. */
export async function readAllowed(nft: Nft): Promise<readonly AllowedFlow[]> {
  return (await readFlowCounts(nft, allowing)).counts.map(plain);
}

/** Tells what is new in `readDrops` at each reading. */
export function dropReader(nft: Nft, nowMs?: () => number): FlowReader<Drop> {
  return new FlowReader(nft, denying, dropOf, nowMs);
}

/** Tells what is new in `readAllowed` at each reading. */
export function allowedReader(nft: Nft, nowMs?: () => number): FlowReader<AllowedFlow> {
  return new FlowReader(nft, allowing, plain, nowMs);
}

function dropOf(count: FlowCount): Drop {
  return { ...denials[count.tally as keyof typeof denials], ...plain(count) };
}

function plain({ source, destination, protocol, port, packets }: FlowCount): CountedFlow {
  return { source, destination, protocol, port, packets };
}
