import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { tokenProtocol } from "../../auth/websocket-token.ts";
import { UpgradeRefusal } from "../upgrade-refusal.ts";

/** Clients that send a whole file as one message exist. */
const longestMessage = 64 << 20;

const server = new WebSocketServer({
  noServer: true,
  maxPayload: longestMessage,
  perMessageDeflate: false,
  clientTracking: false,
});

const chosenProtocols = new WeakMap<IncomingMessage, string>();

server.on("headers", (headers, request) => {
  const chosen = chosenProtocols.get(request);
  if (chosen) headers.push(`Sec-WebSocket-Protocol: ${chosen}`);
});

/**
 * The first protocol of the client's that is `known`; the empty one when the client names none.
 * @throws UpgradeRefusal 400 when none is.
 */
export function chooseSubprotocol(request: IncomingMessage, known: readonly string[]): string {
  const named = subprotocolsOf(request);
  const chosen = named[0] === undefined ? "" : named.find((name) => known.includes(name));
  if (chosen !== undefined) return chosen;
  throw new UpgradeRefusal(
    400,
    `unable to upgrade: no WebSocket subprotocol in common: client supports [${named.join(" ")}], server accepts [${known.join(" ")}]`,
  );
}

/** What a client names where every message is what it is anyway; the empty one when it names nothing. */
export function firstSubprotocol(request: IncomingMessage): string {
  return subprotocolsOf(request)[0] ?? "";
}

/** A token in place of the Authorization header, which browsers cannot set, is no protocol. */
function subprotocolsOf(request: IncomingMessage): string[] {
  return (request.headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith(tokenProtocol));
}

/** Answers the handshake. Resolves with the connection; never, when the handshake is no good and `ws` refuses it. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocol: string,
): Promise<WebSocket> {
  // `ws` takes only tokens, and `SPDY/3.1+portforward.k8s.io` is none: the header is answered by us.
  delete request.headers["sec-websocket-protocol"];
  chosenProtocols.set(request, protocol);
  return new Promise((resolve) => {
    server.handleUpgrade(request, socket, head, (connection) => {
      connection.on("error", () => {});
      resolve(connection);
    });
  });
}
