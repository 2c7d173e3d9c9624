import type { ServerResponse } from "node:http";

export const streamHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
} as const;

/** One client of the event stream. While it does not read, events wait for it; beyond its queue they are counted. */
export class StreamClient {
  readonly #response: ServerResponse;
  readonly #most: number;
  #queue: string[] = [];
  #blocked = false;
  #left = 0;

  constructor(response: ServerResponse, most: number) {
    this.#response = response;
    this.#most = most;
    response.writeHead(200, streamHeaders);
    // How long a client waits before it comes again, in milliseconds.
    this.#write("retry: 2000\n\n");
    response.on("drain", () => this.#drain());
  }

  /** False when it was left out, because the client is too slow. */
  send(type: string, data: string): boolean {
    const text = `event: ${type}\ndata: ${data}\n\n`;
    if (!this.#blocked) this.#write(text);
    else if (this.#left === 0 && this.#queue.length < this.#most) this.#queue.push(text);
    else {
      this.#left += 1;
      return false;
    }
    return true;
  }

  /** A line that says nothing but that the stream lives. */
  beat(): void {
    if (!this.#blocked) this.#write(": \n\n");
  }

  end(): void {
    this.#response.end();
  }

  #drain(): void {
    this.#blocked = false;
    const queue = this.#queue;
    this.#queue = [];
    while (queue.length > 0 && !this.#blocked) this.#write(queue.shift()!);
    this.#queue = queue;
    if (this.#blocked || this.#left === 0) return;
    const notice = JSON.stringify({ events: this.#left });
    this.#left = 0;
    this.#write(`event: dropped\ndata: ${notice}\n\n`);
  }

  #write(text: string): void {
    this.#blocked = !this.#response.write(text);
  }
}
