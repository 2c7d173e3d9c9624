import type { Direction, FlowProtocol } from "@portcullis/engine";

/** A flow as the kernel counted it: addresses, and no names yet. */
export interface SeenFlow {
  /** The side that denied; absent for what passed. */
  readonly direction?: Direction;
  /** Denied because the pod's address was not programmed yet. */
  readonly unprogrammed?: boolean;
  readonly source: string;
  readonly destination: string;
  readonly protocol: FlowProtocol | string;
  /** Destination port; 0 for protocols without ports. */
  readonly port: number;
  readonly count: number;
}

export function seenFlowKey(flow: SeenFlow): string {
  const { direction, unprogrammed, source, destination, protocol, port } = flow;
  return `${direction ?? ""}${unprogrammed === true ? "!" : ""} ${source} ${destination} ${protocol} ${port}`;
}
