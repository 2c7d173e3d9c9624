import type { AllowedFlow, Drop } from "@portcullis/dataplane";

/** A flow as the kernel counted it since it was last read: addresses, and no names yet. What passed has no direction. */
export type SeenFlow = AllowedFlow & Partial<Pick<Drop, "direction" | "reason">>;

/** In which order flows of equal counts are told. */
export function seenFlowKey({ direction, reason, source, destination, protocol, port }: SeenFlow): string {
  return `${direction ?? ""} ${reason ?? ""} ${source} ${destination} ${protocol} ${port}`;
}
