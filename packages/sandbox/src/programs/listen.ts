import { createSocket, type RemoteInfo } from "node:dgram";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

/** Serves HTTP on every address. A port that is taken ends the program. */
export function serveHttp(port: number, listener: RequestListener): void {
  const server = createServer(listener);
  server.on("error", fail);
  listenEverywhere(server, port);
}

export function serveTcp(port: number, listener: (socket: Socket) => void): void {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    listener(socket);
  });
  server.on("error", fail);
  listenEverywhere(server, port);
}

/** Answers each datagram with what `answer` makes of its text; with nothing when that is undefined. */
export function serveUdp(port: number, answer: (text: string, from: RemoteInfo) => string | undefined): void {
  // Both families where the machine has both.
  const socket = createSocket({ type: "udp6", ipv6Only: false });
  socket.on("message", (message, from) => {
    const text = answer(message.toString("utf8"), from);
    if (text !== undefined) socket.send(text, from.port, from.address, () => {});
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EAFNOSUPPORT") return fail(error);
    const plain = createSocket("udp4");
    plain.on("error", fail);
    plain.on("message", (message, from) => {
      const text = answer(message.toString("utf8"), from);
      if (text !== undefined) plain.send(text, from.port, from.address, () => {});
    });
    plain.bind(port);
  });
  socket.bind(port);
}

/** `10.0.0.1:1234`, `[fd00::1]:1234`: the other end, an IPv4 address as such also on a socket of both families. */
export function remoteOf({
  remoteAddress = "",
  remotePort = 0,
}: Pick<Socket, "remoteAddress" | "remotePort">): string {
  return addressAndPort({ address: remoteAddress, port: remotePort });
}

export function addressAndPort({ address, port }: Pick<AddressInfo, "address" | "port">): string {
  const plain = address.replace(/^::ffff:/, "");
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}

function listenEverywhere(server: ReturnType<typeof createTcpServer>, port: number): void {
  // Without a host Node listens on `::` with IPv4 mapped, or on 0.0.0.0 where there is no IPv6.
  server.listen(port);
}

function fail(error: Error): void {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
