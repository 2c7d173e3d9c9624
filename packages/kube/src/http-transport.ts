import http from "node:http";
import https from "node:https";
import { StringDecoder } from "node:string_decoder";
import { ApiError, type Status, Unreachable } from "./errors.ts";

/** Where the API is and how it knows us. */
export type Endpoint =
  | { readonly socketPath: string }
  | {
      /** `http://host:port` or `https://host:port`, with a path prefix if the API is below one. */
      readonly url: string;
      /** Bearer token. */
      readonly token?: string;
      /** PEM. */
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
      /** Asked before each request; what it gives counts before `token`, `cert` and `key`. */
      readonly credentials?: CredentialSource;
      /** Sent with each request. */
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      /** The name that the server's certificate has to be for; that of the URL when absent. */
      readonly serverName?: string;
      /** Take any server for the right one. */
      readonly insecureSkipTlsVerify?: boolean;
    };

export interface Credentials {
  readonly token?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** Credentials that change: a token that is renewed, a program that gives them. */
export interface CredentialSource {
  get(): Promise<Credentials>;
  /** The server did not take them: the next `get` gives new ones. */
  forget(): void;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** How long the server may be silent, in milliseconds. */
  readonly silenceMs: number;
  /** Called when the server has begun a successful answer. */
  readonly onOpen?: (() => void) | undefined;
}

/** Requests over a pool of connections that are kept. Every failure but a caller's abort is ApiError or Unreachable. */
export class HttpTransport {
  readonly #endpoint: Endpoint;
  readonly #agent: http.Agent;
  readonly #secure: boolean;
  readonly #prefix: string;
  readonly #userAgent: string | undefined;

  /** Throws TypeError for a URL that is none, or of another scheme. */
  constructor(endpoint: Endpoint, userAgent?: string) {
    this.#endpoint = endpoint;
    this.#userAgent = userAgent;
    const url = "url" in endpoint ? new URL(endpoint.url) : undefined;
    if (url && url.protocol !== "http:" && url.protocol !== "https:") {
      throw new TypeError(`${url.href} is neither http nor https`);
    }
    this.#secure = url?.protocol === "https:";
    this.#prefix = url === undefined ? "" : url.pathname.replace(/\/$/, "");
    this.#agent = this.#secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** The JSON of a successful answer. A read is tried once more when the kept connection turned out to be dead. */
  async json(request: HttpRequest): Promise<unknown> {
    const read = async () => {
      const response = await this.#open(request);
      return this.#guard(request, response, async () => parse(await text(response)));
    };
    try {
      return await read();
    } catch (error) {
      if (request.method === "GET" && isDeadConnection(error)) return read();
      throw error;
    }
  }

  /** The lines of a successful answer, as they come. Leaving the loop ends the request. */
  async *lines(request: HttpRequest): AsyncGenerator<string> {
    const response = await this.#open(request);
    try {
      request.onOpen?.();
      yield* splitLines(response);
      if (!response.complete) throw new Error("the connection broke");
    } catch (error) {
      throw this.#translate(request, error);
    } finally {
      response.destroy();
    }
  }

  /** Resolves with the head of a successful answer; throws ApiError for any other. */
  async #open(request: HttpRequest): Promise<http.IncomingMessage> {
    const source = "url" in this.#endpoint ? this.#endpoint.credentials : undefined;
    let response = await this.#send(request, await source?.get());
    if (response.statusCode === 401 && source !== undefined) {
      // They may have expired a moment ago.
      response.resume();
      source.forget();
      response = await this.#send(request, await source.get());
    }
    const code = response.statusCode ?? 0;
    if (code >= 200 && code < 300) return response;
    const status = await this.#guard(request, response, async () => readStatus(await text(response), code));
    throw new ApiError(status, code, retryAfter(response) ?? status.details?.retryAfterSeconds);
  }

  async #send(request: HttpRequest, given: Credentials = {}): Promise<http.IncomingMessage> {
    try {
      return await this.#attempt(request, given);
    } catch (error) {
      throw this.#translate(request, error);
    }
  }

  #attempt(request: HttpRequest, given: Credentials): Promise<http.IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const endpoint = this.#endpoint;
    const token = given.token ?? ("url" in endpoint ? endpoint.token : undefined);
    const options: https.RequestOptions = {
      agent: this.#agent,
      method: request.method,
      path: this.#prefix + request.path,
      headers: {
        accept: "application/json",
        ...("url" in endpoint ? endpoint.headers : {}),
        ...(this.#userAgent === undefined ? {} : { "user-agent": this.#userAgent }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...address(endpoint, given),
    };
    return new Promise((resolve, reject) => {
      const sent = (this.#secure ? https : http).request(options, resolve);
      sent.setTimeout(request.silenceMs, () => {
        sent.destroy(new Error(`no answer for ${request.silenceMs / 1000} s`));
      });
      sent.once("socket", (socket) => socket.setKeepAlive(true, 30_000));
      sent.on("error", (error) => reject(Object.assign(error, { reusedSocket: sent.reusedSocket })));
      sent.end(body);
    });
  }

  async #guard<T>(request: HttpRequest, response: http.IncomingMessage, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      response.destroy();
      throw this.#translate(request, error);
    }
  }

  #translate(request: HttpRequest, error: unknown): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    if (error instanceof ApiError || error instanceof Unreachable) return error;
    const where = "url" in this.#endpoint ? this.#endpoint.url : this.#endpoint.socketPath;
    const why = error instanceof Error ? error.message : String(error);
    return new Unreachable(`the Kubernetes API at ${where} cannot be reached: ${why}`, error);
  }
}

function address(endpoint: Endpoint, given: Credentials): https.RequestOptions {
  if ("socketPath" in endpoint) return { socketPath: endpoint.socketPath };
  const { hostname, port } = new URL(endpoint.url);
  const { ca, serverName, insecureSkipTlsVerify } = endpoint;
  const { cert, key } = given.cert === undefined ? endpoint : given;
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host: bare,
    ...(port === "" ? {} : { port }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecureSkipTlsVerify ? { rejectUnauthorized: false } : {}),
  };
}

function isDeadConnection(error: unknown): boolean {
  const cause = error instanceof Unreachable ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null || !("reusedSocket" in cause)) return false;
  return (
    cause.reusedSocket === true && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE")
  );
}

async function text(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (!response.complete) throw new Error("the connection broke");
  return Buffer.concat(chunks).toString("utf8");
}

async function* splitLines(response: http.IncomingMessage): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  // Pieces of a line that has not ended are joined once, so that a line in many chunks costs no more than its length.
  let pieces: string[] = [];
  for await (const chunk of response) {
    const lines = decoder.write(chunk as Buffer).split("\n");
    const rest = lines.pop()!;
    for (const line of lines) {
      pieces.push(line);
      yield pieces.join("");
      pieces = [];
    }
    if (rest !== "") pieces.push(rest);
  }
  const last = pieces.join("");
  if (last.trim() !== "") yield last;
}

/** Throws Unreachable: who answers without JSON is no Kubernetes API. */
export function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Unreachable(`not an answer of a Kubernetes API: ${body.slice(0, 80)}`, error);
  }
}

/** Seconds; of the header's other form, a date (RFC 9110, 10.2.3), API servers make no use. */
function retryAfter({ headers }: http.IncomingMessage): number | undefined {
  const text = headers["retry-after"];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function readStatus(body: string, code: number): Status {
  try {
    const value = JSON.parse(body) as Status | null;
    if (value?.kind === "Status") return value;
  } catch {
    // A proxy's page, or nothing at all.
  }
  return { kind: "Status", message: `the server answered ${code}: ${body.slice(0, 200)}`, code };
}
