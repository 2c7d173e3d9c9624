import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { untilAnswered } from "./until-answered.ts";
import type { UpstreamServer } from "./upstream-server.ts";

/** One datagram out and its answer; undefined when there is none before the signal, or nobody listens there. */
export function askByUdp(
  { address, port }: UpstreamServer,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  return untilAnswered(query, signal, ({ hear, giveUp, isOver }) => {
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    socket.on("error", giveUp);
    socket.on("message", hear);
    // Connected: the kernel takes answers from there alone, and tells when there is no listener.
    socket.connect(port, address, () => {
      if (!isOver()) socket.send(query, (error) => error && giveUp());
    });
    return () => socket.close();
  });
}
