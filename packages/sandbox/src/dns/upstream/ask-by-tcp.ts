import { connect } from "node:net";
import { framed, Unframer } from "../framing.ts";
import { isAnswerTo, readHead } from "./message-head.ts";
import type { UpstreamServer } from "./upstream-server.ts";

/** A connection for one question; undefined when it brings no answer before the signal. */
export function askByTcp(
  { address, port }: UpstreamServer,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const asked = readHead(query);
  return new Promise((resolve) => {
    if (asked === undefined || signal.aborted) return resolve(undefined);
    const socket = connect({ host: address, port, noDelay: true });
    const unframer = new Unframer();
    const end = (answer: Uint8Array | undefined) => {
      signal.removeEventListener("abort", giveUp);
      socket.destroy();
      resolve(answer);
    };
    const giveUp = () => end(undefined);
    signal.addEventListener("abort", giveUp);
    socket.on("error", giveUp);
    socket.on("close", giveUp);
    socket.on("connect", () => socket.write(framed(query)));
    socket.on("data", (piece: Buffer) => {
      for (const message of unframer.push(piece)) {
        const head = readHead(message);
        if (head !== undefined && isAnswerTo(asked, head)) return end(message);
      }
    });
  });
}
