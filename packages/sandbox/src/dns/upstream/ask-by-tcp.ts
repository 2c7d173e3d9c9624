import { connect } from "node:net";
import { framed, Unframer } from "../framing.ts";
import { untilAnswered } from "./until-answered.ts";
import type { UpstreamServer } from "./upstream-server.ts";

/** A connection for one question; undefined when it brings no answer before the signal. */
export function askByTcp(
  { address, port }: UpstreamServer,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  return untilAnswered(query, signal, ({ hear, giveUp }) => {
    const socket = connect({ host: address, port, noDelay: true });
    const unframer = new Unframer();
    socket.on("error", giveUp);
    socket.on("close", giveUp);
    socket.on("connect", () => socket.write(framed(query)));
    socket.on("data", (piece: Buffer) => {
      for (const message of unframer.push(piece)) hear(message);
    });
    return () => socket.destroy();
  });
}
