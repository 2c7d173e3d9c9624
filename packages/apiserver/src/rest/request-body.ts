import type { IncomingMessage } from "node:http";
import { StatusError } from "../status.ts";

/** The API server's own limit (apiserver, DefaultMaxRequestBodyBytes), in bytes. */
const maxBodyBytes = 3 * 1024 * 1024;

/** How much of a refused body is read and thrown away so that the client can take in the answer, in bytes. */
const maxDiscardedBytes = 64 * 1024 * 1024;

export interface RequestBody {
  readonly bytes: Buffer;
  /** Of the Content-Type header, without parameters, in lower case; "" when there is none. */
  readonly type: string;
}

/** Throws StatusError 413 for more than 3 MiB; rejects when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  return { bytes: await readBytes(request), type };
}

/** The refusal of a body in a form that is not read here. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError("UnsupportedMediaType", message);
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
