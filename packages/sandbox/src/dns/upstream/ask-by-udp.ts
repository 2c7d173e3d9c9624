import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { isAnswerTo, readHead } from "./message-head.ts";
import type { UpstreamServer } from "./upstream-server.ts";

/** One datagram out and its answer; undefined when there is none before the signal, or nobody listens there. */
export function askByUdp(
  { address, port }: UpstreamServer,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const asked = readHead(query);
  return new Promise((resolve) => {
    if (asked === undefined || signal.aborted) return resolve(undefined);
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    let over = false;
    const end = (answer: Uint8Array | undefined) => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", giveUp);
      socket.close();
      resolve(answer);
    };
    const giveUp = () => end(undefined);
    signal.addEventListener("abort", giveUp);
    socket.on("error", giveUp);
    socket.on("message", (message) => {
      const head = readHead(message);
      if (head !== undefined && isAnswerTo(asked, head)) end(message);
    });
    // Connected: the kernel takes answers from there alone, and tells when there is no listener.
    socket.connect(port, address, () => {
      if (!over) socket.send(query, (error) => error && giveUp());
    });
  });
}
