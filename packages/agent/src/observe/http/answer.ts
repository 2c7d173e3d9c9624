import type { ServerResponse } from "node:http";

/** What is wrong with a request, with the status that says so. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(text);
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answerText(response, status, `${JSON.stringify(value)}\n`, "application/json");
}
