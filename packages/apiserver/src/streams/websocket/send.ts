import type { WebSocket } from "ws";

/** Resolves when the message is on its way, or nobody is there for it. */
export function send(socket: WebSocket, message: string | Buffer): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(message, () => resolve()));
}
