import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { framed, Unframer } from "../framing.ts";
import { rcodes } from "../message.ts";
import { refusal } from "../query.ts";
import { type AskOptions, askServers } from "./ask-servers.ts";
import type { UpstreamServer } from "./upstream-server.ts";

/** So many questions may be under way at once; further ones are told at once that it cannot be done. */
const mostPending = 256;

/**
 * DNS over a Unix socket, for the node part, which has no network to the outside: questions as by TCP, many at a time,
 * answered in whatever order the upstream servers do (RFC 7766, 6.2.1.1). Every question is answered, if by SERVFAIL.
 */
export class RelayServer {
  readonly #servers: readonly UpstreamServer[];
  readonly #options: AskOptions;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  #pending = 0;

  private constructor(servers: readonly UpstreamServer[], options: AskOptions) {
    this.#servers = servers;
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Only this user can use the socket. @throws Error when it cannot be made. */
  static listen(
    socketPath: string,
    servers: readonly UpstreamServer[],
    options: AskOptions = {},
  ): Promise<RelayServer> {
    const relay = new RelayServer(servers, options);
    return new Promise((resolve, reject) => {
      relay.#server.once("error", reject);
      relay.#server.listen(socketPath, () => {
        chmodSync(socketPath, 0o600);
        resolve(relay);
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
  }

  #serve(socket: Socket): void {
    const unframer = new Unframer();
    this.#connections.add(socket);
    socket.on("close", () => this.#connections.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      for (const query of unframer.push(piece)) void this.#answer(socket, query);
    });
  }

  async #answer(socket: Socket, query: Uint8Array): Promise<void> {
    const answer = this.#pending < mostPending ? await this.#ask(query) : undefined;
    const reply = answer ?? refusal(query, rcodes.serverFailure);
    if (reply !== undefined && socket.writable) socket.write(framed(reply));
  }

  async #ask(query: Uint8Array): Promise<Uint8Array | undefined> {
    this.#pending += 1;
    try {
      return await askServers(this.#servers, query, this.#options);
    } finally {
      this.#pending -= 1;
    }
  }
}
