import type { FlowProtocol } from "@portcullis/engine";

/**
 * A connection that the kernel tracks, as policies see it: the source before any SNAT and the destination after any
 * DNAT, which is what passed the forward hook.
 */
export interface Connection {
  readonly version: 4 | 6;
  readonly protocol: FlowProtocol;
  readonly source: string;
  readonly destination: string;
  /** Destination port; 0 for ICMP. */
  readonly port: number;
}

/** The kernel's table of connections. */
export interface Connections {
  list(): Promise<readonly Connection[]>;
  /** Forgets every connection with one of these tuples, whatever its source port. */
  cut(connections: readonly Connection[]): Promise<void>;
}

export function connectionKey(connection: Connection): string {
  return `${connection.protocol} ${connection.source} ${connection.destination} ${connection.port}`;
}
