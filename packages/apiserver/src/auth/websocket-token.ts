import type { IncomingMessage } from "node:http";

/** What the name of a subprotocol begins with that is no protocol, but carries a bearer token. */
export const tokenProtocol = "base64url.bearer.authorization.k8s.io.";

/**
 * The token of a WebSocket that a browser opens, which cannot set the Authorization header (apiserver,
 * pkg/authentication/request/websocket). Undefined when there is none; "" when it cannot be read, is one of several, or
 * comes without a protocol to be spoken.
 */
export function webSocketToken({ headers }: IncomingMessage): string | undefined {
  if (headers.upgrade?.toLowerCase() !== "websocket") return undefined;
  const named = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const tokens = named.filter((name) => name.startsWith(tokenProtocol));
  const [first] = tokens;
  if (first === undefined) return undefined;
  const encoded = first.slice(tokenProtocol.length);
  if (tokens.length > 1 || named.length === 1 || !/^[\w-]+$/.test(encoded)) return "";
  return Buffer.from(encoded, "base64url").toString("utf8");
}
