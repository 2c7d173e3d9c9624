import { readFileSync } from "node:fs";
import * as libc from "./libc.ts";
import { inNamespace } from "./network-namespace.ts";
import type { RoutedPair } from "./routed-pair.ts";

/** Opens connections from the pair's client to its server, all in the calling thread. */
export interface Load {
  /** Opens `count` new connections. */
  run(): void;
  /** Connections of one `run`. */
  readonly count: number;
  /** Frees the sockets. Throws when a connection of any run so far did not come about. */
  close(): void;
}

/** TCP: socket, connect, accept, close at the client, close at the server (six packets). */
export function tcpConnections(pair: RoutedPair, server: string, port: number, count: number): Load {
  const target = libc.socketAddress(server, port);
  const listener = inNamespace(pair.server, () => libc.socket("tcp"));
  libc.bind(listener, target);
  libc.listen(listener, 128);
  libc.limitWaiting(listener, 5);
  const connectAll = () => {
    for (let i = 0; i < count; i++) {
      const fd = libc.socket("tcp");
      libc.limitWaiting(fd, 5);
      libc.connect(fd, target);
      const accepted = libc.accept(listener);
      libc.close(fd);
      libc.close(accepted);
    }
  };
  return { count, run: () => inNamespace(pair.client, connectAll), close: () => libc.close(listener) };
}

/**
 * UDP: one datagram per flow, and the flows differ by their source port. A raw socket writes them, because a socket
 * for each would cost more than the datagram does; `count` is at most 1,024 (sendmmsg(2)). The receiver's buffer is small and never read: what is over is
 * dropped at the socket, at the same cost for every variant.
 */
export function udpFlows(
  pair: RoutedPair,
  client: string,
  server: string,
  port: number,
  count: number,
): Load {
  const receiver = inNamespace(pair.server, () => libc.socket("udp"));
  libc.setReceiveBuffer(receiver, 1);
  libc.bind(receiver, libc.socketAddress(server, port));
  const sender = inNamespace(pair.client, () => libc.socket("raw"));
  const destination = libc.socketAddress(server, 0);
  const messages = new libc.MessageVector(count, destination, datagram(client, server, port));
  for (let i = 0; i < count; i++) {
    const payload = messages.payload(i);
    new DataView(payload.buffer, payload.byteOffset).setUint16(20, 1024 + i);
  }
  const before = datagramsDropped(pair);
  let runs = 0;
  const run = () => {
    const sent = messages.send(sender);
    if (sent !== count) throw new Error(`sent ${sent} of ${count} datagrams`);
    runs += 1;
  };
  const close = () => {
    libc.close(sender);
    libc.close(receiver);
    const lost = count * runs - (datagramsDropped(pair) - before);
    if (lost > roomInBuffer) throw new Error(`${lost} of ${count * runs} datagrams did not reach the server`);
  };
  return { count, run, close };
}

/** UDP datagrams that the server's full buffer dropped, so far: every one but the first few (`/proc/net/snmp`). */
function datagramsDropped(pair: RoutedPair): number {
  const text = inNamespace(pair.server, () => readFileSync("/proc/thread-self/net/snmp", "utf8"));
  const rows = text.split("\n").filter((line) => line.startsWith("Udp:"));
  const [names, values] = rows.map((line) => line.split(" "));
  return Number(values?.[names?.indexOf("RcvbufErrors") ?? -1]);
}

/** Datagrams that the smallest buffer can hold, at the most. */
const roomInBuffer = 16;

/** An IPv4 header (RFC 791; the kernel fills in length, id and checksum: raw(7)), a UDP header, one byte. */
function datagram(source: string, destination: string, port: number): Uint8Array {
  const bytes = new Uint8Array(29);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x45;
  bytes[8] = 64; // time to live
  bytes[9] = 17; // UDP
  bytes.set(source.split(".").map(Number), 12);
  bytes.set(destination.split(".").map(Number), 16);
  view.setUint16(22, port);
  view.setUint16(24, 9); // UDP length; the checksum may be zero over IPv4 (RFC 768)
  return bytes;
}
