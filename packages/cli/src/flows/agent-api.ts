import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { serverEvents } from "./server-events.ts";

/** Where an agent serves: its URL, or in a sandbox its socket. */
export type AgentAddress = { readonly url: string } | { readonly socketPath: string };

export interface AgentEventMessage {
  /** `drop`, `flow`, `rest`, `dropped`, …: docs/agent/events.md. */
  readonly type: string;
  readonly data: unknown;
}

/** How long an answer may be in coming, in milliseconds. Event streams have their heartbeat every 15 seconds. */
const patienceMs = { answer: 15_000, stream: 60_000 };

/** Asks a node agent's own API. Fails with CliError: code 3 when it does not answer, 2 when it refuses the question. */
export class AgentApi {
  /** As the user knows it. */
  readonly where: string;
  /** After how many milliseconds to come again when a stream has ended, by the agent's own word. */
  retryMs = 2_000;
  readonly #address: AgentAddress;

  constructor(address: AgentAddress, where: string) {
    this.#address = address;
    this.where = where;
  }

  /** The answer to GET as JSON. */
  async get(path: string): Promise<unknown> {
    const response = await this.#open(path, patienceMs.answer);
    const text = await bodyOf(response).catch((error: Error) => this.#fail(error));
    if (response.statusCode !== 200) throw this.#refused(response.statusCode, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new CliError(exitCode.unavailable, `${this.where}: the answer is not JSON: is this an agent?`);
    }
  }

  /** The events of a stream until it ends; aborting the signal ends it. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<AgentEventMessage> {
    const response = await this.#open(path, patienceMs.stream, signal);
    if (response.statusCode !== 200) throw this.#refused(response.statusCode, await bodyOf(response));
    try {
      const onRetry = (milliseconds: number) => {
        this.retryMs = milliseconds;
      };
      for await (const { type, data } of serverEvents(response, onRetry))
        yield { type, data: JSON.parse(data) };
    } catch (error) {
      // The other side is gone, as when the stream ends: whoever follows comes again.
      if (error instanceof SyntaxError) throw this.#fail(error);
    } finally {
      response.destroy();
    }
  }

  #open(path: string, timeout: number, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asking = this.#request(path, { timeout, ...(signal && { signal }) });
      asking.on("timeout", () => asking.destroy(new Error("it does not answer")));
      asking.on("error", (error) => reject(this.#failure(error)));
      asking.on("response", resolve);
      asking.end();
    });
  }

  #request(path: string, options: { timeout: number; signal?: AbortSignal }): ClientRequest {
    const common = { ...options, agent: false as const };
    if ("socketPath" in this.#address)
      return requestHttp({ ...common, path, socketPath: this.#address.socketPath });
    const url = new URL(path, this.#address.url);
    return url.protocol === "https:" ? requestHttps(url, common) : requestHttp(url, common);
  }

  #failure(error: Error): CliError {
    return new CliError(exitCode.unavailable, `${this.where} does not answer: ${error.message}`);
  }

  #fail(error: Error): never {
    throw this.#failure(error);
  }

  #refused(status: number | undefined, text: string): CliError {
    const code = status === 400 ? exitCode.usage : exitCode.unavailable;
    return new CliError(code, `${this.where} refuses: ${text.trim() || `status ${status}`}`);
  }
}

const mostBytes = 64 << 20;

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
