import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { StatusError } from "../status.ts";

/** An upgrade refused in plain text, as a kubelet does: kubectl puts `unable to upgrade connection` before it. */
export class UpgradeRefusal extends Error {
  /** HTTP status code. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Answers a request that asked for an upgrade with what went wrong, and closes the connection. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  if (socket.destroyed) return;
  const { code, type, body } = answerTo(error);
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}`,
    "Connection: close",
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function answerTo(error: unknown): { code: number; type: string; body: string } {
  if (error instanceof UpgradeRefusal) return { code: error.code, type: "text/plain", body: error.message };
  const answer =
    error instanceof StatusError ? error : new StatusError("InternalError", "Internal error occurred");
  return { code: answer.status.code, type: "application/json", body: JSON.stringify(answer.status) };
}
