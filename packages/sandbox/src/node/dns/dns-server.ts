import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import type { Directory } from "../../dns/directory.ts";
import { respondOrForward } from "../../dns/forward.ts";
import { framed, Unframer } from "../../dns/framing.ts";
import { respond } from "../../dns/respond.ts";
import type { Upstream } from "../../dns/upstream/relay-client.ts";
import { inNetwork, type NetworkNamespace } from "../system/namespaces.ts";
import { openListener } from "../system/socket.ts";

const port = 53;
/** A client that says nothing for so long is hung up on, in milliseconds (RFC 7766, 6.2.3: a few seconds). */
const idleMs = 10_000;
const mostConnections = 500;

/** Answers for the cluster's names on port 53, UDP and TCP, of a pod's network namespace: policies apply to it. */
export class DnsServer {
  readonly #directory: () => Directory;
  readonly #upstream: Upstream | undefined;
  readonly #closers: (() => void)[] = [];
  #turn = 0;

  private constructor(directory: () => Directory, upstream: Upstream | undefined) {
    this.#directory = directory;
    this.#upstream = upstream;
  }

  /**
   * @param network The pod's; undefined is the node's own.
   * @param upstream Who is asked for other names; without one they are refused.
   * @throws Error when the port is taken.
   */
  static listen(
    network: NetworkNamespace | undefined,
    directory: () => Directory,
    upstream?: Upstream,
  ): DnsServer {
    const server = new DnsServer(directory, upstream);
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

  /** Calls back at once unless somebody else is to be asked; with nothing for what is better not answered. */
  #answer(
    query: Uint8Array,
    transport: "udp" | "tcp",
    reply: (answer: Uint8Array | undefined) => void,
  ): void {
    const options = { transport, turn: this.#turn++ };
    if (this.#upstream === undefined) reply(respond(this.#directory(), query, options));
    else void respondOrForward(this.#directory(), query, options, this.#upstream).then(reply);
  }

  #serveUdp(fd: number, family: "ipv4" | "ipv6"): void {
    const socket = createSocket(family === "ipv4" ? "udp4" : "udp6");
    socket.on("error", () => {});
    let closed = false;
    socket.on("message", (query, { address, port: from }) => {
      this.#answer(query, "udp", (reply) => {
        if (reply !== undefined && !closed) socket.send(reply, from, address, () => {});
      });
    });
    socket.bind({ fd });
    this.#closers.push(() => {
      closed = true;
      socket.close();
    });
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

  #serveConnection(socket: Socket): void {
    const unframer = new Unframer();
    socket.on("data", (piece: Buffer) => {
      for (const query of unframer.push(piece))
        this.#answer(query, "tcp", (reply) => {
          if (reply === undefined) socket.destroy();
          else if (socket.writable) socket.write(framed(reply));
        });
    });
  }
}
