import type { Address, Cidr, FlowProtocol, Packet } from "@portcullis/engine";

/** One that policies can name, or the number of another (IANA, Assigned Internet Protocol Numbers) as text. */
type ConnectionProtocol = FlowProtocol | `${number}`;

/**
 * A connection that the kernel tracks, as policies see it: the source before any SNAT and the destination after any
 * DNAT, which is what passed the forward hook.
 */
export interface Connection {
  readonly protocol: ConnectionProtocol;
  readonly source: Address;
  readonly destination: Address;
  /** Destination port; 0 for ICMP and protocols that policies cannot name. */
  readonly port: number;
}

/** Connections by what they have in common: a field that is absent matches all. */
export interface ConnectionRange {
  readonly family: 4 | 6;
  readonly protocol?: ConnectionProtocol;
  readonly source?: Cidr;
  readonly destination?: Address;
  readonly port?: number;
}

/** The kernel's table of connections. */
export interface Connections {
  list(): Promise<readonly Connection[]>;
  /**
   * Forgets every connection with one of these tuples, whatever its source port. `ranges` match all of them, nothing
   * that may stay, and are often far fewer: whoever pays for each pattern uses them in place of the tuples.
   */
  cut(connections: readonly Connection[], ranges: readonly ConnectionRange[]): Promise<void>;
}

/** The connection as a program judges it: to a rule, what policies cannot name is like ICMP, which has no ports. */
export function packetOf(connection: Connection): Packet {
  const { protocol } = connection;
  return { ...connection, protocol: isNumber(protocol) ? "ICMP" : protocol };
}

export function hasPorts(protocol: ConnectionProtocol): boolean {
  return protocol !== "ICMP" && !isNumber(protocol);
}

function isNumber(protocol: ConnectionProtocol): protocol is `${number}` {
  return /^\d/.test(protocol);
}

export function connectionKey({ protocol, source, destination, port }: Connection): string {
  return `${protocol} ${source.text} ${destination.text} ${port}`;
}
