import type { WebSocket } from "ws";
import type { WatchSink } from "../../rest/watch-stream.ts";
import { closeWebSocket } from "./close.ts";
import { send } from "./send.ts";

/** A watch by WebSocket, as browsers have it: an event a message. What the client says is not listened to. */
export function webSocketSink(socket: WebSocket): WatchSink {
  return {
    onGone: (listener) => {
      if (socket.readyState === socket.OPEN) socket.once("close", listener);
      else listener();
    },
    async send(events) {
      for (const event of events) await send(socket, event);
    },
    end: () => void closeWebSocket(socket),
  };
}
