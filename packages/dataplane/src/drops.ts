import type { Nft } from "@portcullis/nft";
import { type CountedFlow, type FlowCount, readFlowCounts } from "./flow-counts.ts";
import { FlowDeltas } from "./flow-deltas.ts";
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
  return (await readFlowCounts(nft, ["flows"])).counts.map(plain);
}

/** Reads what was denied since it was last read; the first time, all that the kernel still knows of. */
export class DropReader {
  readonly #nft: Nft;
  readonly #deltas: FlowDeltas;
  /** Whether the kernel had no room for further flows at the last reading: their packets went uncounted. */
  full = false;

  constructor(nft: Nft, nowMs?: () => number) {
    this.#nft = nft;
    this.#deltas = new FlowDeltas(nowMs);
  }

  async read(): Promise<readonly Drop[]> {
    const { counts, full } = await readFlowCounts(this.#nft, denying);
    this.full = full;
    return this.#deltas.since(counts).map(dropOf);
  }
}

/** As DropReader, of the connections that were allowed. */
export class AllowedReader {
  readonly #nft: Nft;
  readonly #deltas: FlowDeltas;
  /** Whether the kernel had no room for further flows at the last reading: their packets went uncounted. */
  full = false;

  constructor(nft: Nft, nowMs?: () => number) {
    this.#nft = nft;
    this.#deltas = new FlowDeltas(nowMs);
  }

  async read(): Promise<readonly AllowedFlow[]> {
    const { counts, full } = await readFlowCounts(this.#nft, ["flows"]);
    this.full = full;
    return this.#deltas.since(counts).map(plain);
  }
}

function dropOf(count: FlowCount): Drop {
  return { ...denials[count.tally as keyof typeof denials], ...plain(count) };
}

function plain({ source, destination, protocol, port, packets }: FlowCount): CountedFlow {
  return { source, destination, protocol, port, packets };
}
