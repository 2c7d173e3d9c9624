import type { IncomingMessage } from "node:http";
import { isRecord } from "../json.ts";
import { StatusError } from "../status.ts";
import { scanJson } from "./json-structure.ts";

/** The API server's own limit (apiserver, DefaultMaxRequestBodyBytes), in bytes. */
const maxBodyBytes = 3 * 1024 * 1024;

/** Nesting that no API object has and that recursion over it still stands. */
const maxDepth = 500;

/** How much of a refused body is read and thrown away so that the client can take in the answer, in bytes. */
const maxDiscardedBytes = 64 * 1024 * 1024;

/** The JSON object in the body, undefined when there is none. Throws StatusError 400, 413 or 415. */
export async function readJsonBody(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  const type = (request.headers["content-type"] ?? "application/json").split(";")[0]!.trim().toLowerCase();
  if (type !== "application/json" && type !== "text/json") {
    const message = `the body of the request was in an unknown format - accepted media types include: application/json`;
    throw new StatusError("UnsupportedMediaType", message);
  }
  return parseJson(bytes);
}

function parseJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  const { text, value } = decodeJson(bytes);
  if (!isRecord(value)) throw new StatusError("BadRequest", "the body of the request is not a JSON object");
  const { depth, duplicates } = scanJson(text, maxDepth);
  if (depth > maxDepth) {
    throw new StatusError("BadRequest", `the body of the request is nested more than ${maxDepth} deep`);
  }
  if (duplicates.length > 0) {
    const fields = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`).join(", ");
    throw new StatusError("BadRequest", `strict decoding error: ${fields}`);
  }
  return value;
}

function decodeJson(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StatusError("BadRequest", `the body of the request is not JSON: ${why}`);
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      reject(new StatusError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBodyBytes}`));
      if (size > maxDiscardedBytes) request.destroy();
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("the client went away in the middle of its request")));
  });
}
