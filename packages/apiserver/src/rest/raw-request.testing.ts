import http from "node:http";

export interface RawAnswer {
  readonly code: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** One request as it is, without the client's care for form. */
export function rawRequest(
  socketPath: string,
  method: string,
  path: string,
  body?: string | Buffer,
  headers: http.OutgoingHttpHeaders = { "content-type": "application/json" },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const framed = body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
    const request = http.request({ socketPath, method, path, headers: framed, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          code: response.statusCode!,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** A GET whose answer's body is taken as it comes over the wire. */
export async function rawBytes(
  socketPath: string,
  path: string,
  headers: http.OutgoingHttpHeaders,
): Promise<{ readonly headers: http.IncomingHttpHeaders; readonly bytes: Buffer }> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get({ socketPath, path, headers, agent: false }, resolve).on("error", reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers, bytes: Buffer.concat(chunks) };
}
