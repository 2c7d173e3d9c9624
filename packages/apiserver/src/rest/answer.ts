import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Exchange } from "./exchange.ts";

const gzipInThread = promisify(gzip);

/** Smaller answers are sent as they are (apiserver, defaultGzipThresholdBytes), in bytes. */
const gzipThreshold = 128 * 1024;

/** The whole answer, compressed when it is large and the client takes that; the headers that every answer has. */
export async function answer(
  { request, response, warnings }: Pick<Exchange, "request" | "response" | "warnings">,
  code: number,
  type: string,
  body: string | Buffer,
): Promise<void> {
  setCommonHeaders(response, warnings);
  response.setHeader("content-type", type);
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (bytes.length <= gzipThreshold || !takesGzip(request)) return end(response, code, bytes);
  response.appendHeader("vary", "Accept-Encoding");
  const packed = await gzipInThread(bytes, { level: constants.Z_BEST_SPEED });
  response.setHeader("content-encoding", "gzip");
  end(response, code, packed);
}

/** What every answer carries, streams too. */
export function setCommonHeaders(response: ServerResponse, warnings: readonly string[]): void {
  response.setHeader("cache-control", "no-cache, private");
  const texts = [...new Set(warnings)].slice(0, maxWarnings);
  if (texts.length > 0) response.setHeader("warning", texts.map(warningHeader));
}

/** More would only fill the headers. */
const maxWarnings = 50;

/** As RFC 7234 has it, with code 299 and an unknown agent; control characters have no place in a header. */
function warningHeader(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, "?").slice(0, 256);
  return `299 - "${printable.replace(/["\\]/g, "\\$&")}"`;
}

function end(response: ServerResponse, code: number, bytes: Buffer): void {
  response.setHeader("content-length", bytes.length);
  response.writeHead(code);
  response.end(bytes);
}

function takesGzip(request: IncomingMessage): boolean {
  const accepted = request.headers["accept-encoding"];
  return typeof accepted === "string" && /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)/.test(accepted);
}
