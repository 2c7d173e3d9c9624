import type { WebSocket } from "ws";

/** How long the client is waited for to close after the last word, in milliseconds. */
const lingerMs = 5_000;

/** Ends the connection after what was sent so far; resolves when it is gone. */
export async function closeWebSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.close(1000);
  const timer = setTimeout(() => socket.terminate(), lingerMs);
  await closed;
  clearTimeout(timer);
}
