import { rawRequest } from "./raw-request.testing.ts";

export interface JsonAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
  readonly body: any;
}

/** One request with a JSON body (or a text as it is) and a JSON answer. */
export async function jsonRequest(
  { socketPath }: { readonly socketPath: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const answer = await rawRequest(socketPath, method, path, text, {
    "content-type": "application/json",
    ...headers,
  });
  return { code: answer.code, headers: answer.headers, body: JSON.parse(answer.body) };
}
