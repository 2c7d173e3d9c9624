import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { UpgradeRefusal } from "../upgrade-refusal.ts";

/** Header by which a client says which stream protocols it knows, in the order of its liking. */
const protocolHeader = "x-stream-protocol-version";

/**
 * The first protocol of the client's that is `known`; the empty one when the client names none, as the oldest do.
 * @throws UpgradeRefusal 403 when none is.
 */
export function chooseProtocol(request: IncomingMessage, known: readonly string[]): string {
  const named = String(request.headers[protocolHeader] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const chosen = named[0] === undefined ? "" : named.find((name) => known.includes(name));
  if (chosen !== undefined) return chosen;
  throw new UpgradeRefusal(
    403,
    `unable to upgrade: unable to negotiate protocol: client supports [${named.join(" ")}], server accepts [${known.join(" ")}]`,
  );
}

/** Answers the request for SPDY/3.1; from here on the socket speaks it. */
export function acceptSpdy(socket: Duplex, head: Buffer, protocol: string): void {
  const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: SPDY/3.1"];
  if (protocol !== "") lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
}
