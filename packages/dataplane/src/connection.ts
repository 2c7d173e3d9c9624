import type { Address, FlowProtocol } from "@portcullis/engine";

/**
 * A connection that the kernel tracks, as policies see it: the source before any SNAT and the destination after any
 * DNAT, which is what passed the forward hook.
 */
export interface Connection {
  readonly protocol: FlowProtocol;
  readonly source: Address;
  readonly destination: Address;
  /** Destination port; 0 for ICMP. */
  readonly port: number;
}

/** The kernel's table of connections. */
export interface Connections {
  list(): Promise<readonly Connection[]>;
  /** Forgets every connection with one of these tuples, whatever its source port. */
  cut(connections: readonly Connection[]): Promise<void>;
}

export function connectionKey({ protocol, source, destination, port }: Connection): string {
  return `${protocol} ${source.text} ${destination.text} ${port}`;
}
