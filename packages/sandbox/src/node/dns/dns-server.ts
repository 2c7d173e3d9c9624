import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import type { Directory } from "../../dns/directory.ts";
import { respond } from "../../dns/respond.ts";
import { inNetwork, type NetworkNamespace } from "../system/namespaces.ts";
import { openListener } from "../system/socket.ts";

const port = 53;
/** A client that says nothing for so long is hung up on, in milliseconds (RFC 7766, 6.2.3: a few seconds). */
const idleMs = 10_000;
const mostConnections = 500;

/** Answers for the cluster's names on port 53, UDP and TCP, of a pod's network namespace: policies apply to it. */
export class DnsServer {
  readonly #directory: () => Directory;
  readonly #closers: (() => void)[] = [];
  #turn = 0;

  private constructor(directory: () => Directory) {
    this.#directory = directory;
  }

  /**
   * @param network The pod's; undefined is the node's own.
   * @throws Error when the port is taken.
   */
  static listen(network: NetworkNamespace | undefined, directory: () => Directory): DnsServer {
    const server = new DnsServer(directory);
    try {
      const udp = inNetwork(network, () => openListener("UDP", port));
      server.#serveUdp(udp.fd, udp.family);
      server.#serveTcp(inNetwork(network, () => openListener("TCP", port)).fd);
      return server;
    } catch (error) {
      server.close();
      throw new Error(`listen on port ${port}: ${(error as Error).message}`, { cause: error });
    }
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  #answer(query: Uint8Array, transport: "udp" | "tcp"): Uint8Array | undefined {
    return respond(this.#directory(), query, { transport, turn: this.#turn++ });
  }

  #serveUdp(fd: number, family: "ipv4" | "ipv6"): void {
    const socket = createSocket(family === "ipv4" ? "udp4" : "udp6");
    socket.on("error", () => {});
    socket.on("message", (query, { address, port: from }) => {
      const reply = this.#answer(query, "udp");
      if (reply !== undefined) socket.send(reply, from, address, () => {});
    });
    socket.bind({ fd });
    this.#closers.push(() => socket.close());
  }

  #serveTcp(fd: number): void {
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      socket.on("close", () => connections.delete(socket));
      socket.on("error", () => {});
      socket.setTimeout(idleMs, () => socket.destroy());
      this.#serveConnection(socket);
    });
    server.maxConnections = mostConnections;
    server.on("error", () => {});
    server.listen({ fd });
    this.#closers.push(() => {
      server.close();
      for (const socket of connections) socket.destroy();
    });
  }

  /** Each message has its length in front of it (RFC 1035, 4.2.2). */
  #serveConnection(socket: Socket): void {
    let waiting: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
        const length = waiting.readUInt16BE(0);
        const reply = this.#answer(waiting.subarray(2, 2 + length), "tcp");
        waiting = waiting.subarray(2 + length);
        if (reply === undefined) {
          socket.destroy();
          return;
        }
        socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
      }
    });
  }
}
