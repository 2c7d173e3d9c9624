import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { inNetwork, type NetworkNamespace } from "../system/namespaces.ts";
import { openListener } from "../system/socket.ts";

export interface EchoPort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

/**
 * Answers every connection and datagram with one line, on ports of a pod's network namespace. A socket belongs to the
 * namespace it was made in, so one process serves any number of pods.
 */
export class EchoServer {
  readonly #closers: (() => void)[] = [];

  private constructor() {}

  /**
   * @param network The pod's; undefined is the node's own.
   * @throws Error that names the port when one is taken; then none is listened on.
   */
  static listen(network: NetworkNamespace | undefined, ports: readonly EchoPort[], line: string): EchoServer {
    const server = new EchoServer();
    try {
      for (const { protocol, port } of ports) {
        const { fd, family } = open(network, protocol, port);
        if (protocol === "TCP") server.#serveTcp(fd, line);
        else server.#serveUdp(fd, family, line);
      }
      return server;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  #serveTcp(fd: number, line: string): void {
    const server: Server = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume();
      socket.end(`${line}\n`);
    });
    server.on("error", () => {});
    server.listen({ fd });
    this.#closers.push(() => server.close());
  }

  #serveUdp(fd: number, family: "ipv4" | "ipv6", line: string): void {
    const socket: Socket = createSocket(family === "ipv4" ? "udp4" : "udp6");
    socket.on("error", () => {});
    socket.on("message", (_, { address, port }) => socket.send(`${line}\n`, port, address, () => {}));
    socket.bind({ fd });
    this.#closers.push(() => socket.close());
  }
}

function open(network: NetworkNamespace | undefined, protocol: "TCP" | "UDP", port: number) {
  try {
    return inNetwork(network, () => openListener(protocol, port));
  } catch (error) {
    const { code = "unknown error" } = error as { code?: string };
    const reason = code === "EADDRINUSE" ? "address already in use" : code;
    throw new Error(`listen ${protocol} ${port}: ${reason}`, { cause: error });
  }
}
