import { Socket } from "node:net";
import { ControlRefusal } from "../control/control-refusal.ts";
import { inNetwork, type NetworkNamespace } from "../system/namespaces.ts";
import { openSocket } from "../system/socket.ts";

const loopback = [
  { family: "ipv4", protocol: "tcp4", host: "127.0.0.1", shown: "127.0.0.1" },
  { family: "ipv6", protocol: "tcp6", host: "::1", shown: "[::1]" },
] as const;

/**
 * A TCP connection from inside a network namespace to its own loopback, by IPv4 or else IPv6.
 * @throws ControlRefusal worded as a container runtime does it, when neither answers.
 */
export async function connectInside(network: NetworkNamespace | undefined, port: number): Promise<Socket> {
  const failures: string[] = [];
  for (const { family, protocol, host, shown } of loopback) {
    try {
      const fd = inNetwork(network, () => openSocket(family, "TCP"));
      return await connected(fd, host, port);
    } catch (error) {
      const label = family === "ipv4" ? "IPv4" : "IPv6";
      failures.push(`${label}: dial ${protocol} ${shown}:${port}: connect: ${words(error)}`);
    }
  }
  throw new ControlRefusal(
    `failed to connect to localhost:${port} inside the pod's network namespace, ${failures.join(" ")}`,
  );
}

/**
 * A TCP connection from the node itself.
 * @throws ControlRefusal when nobody answers.
 */
export async function connectFromNode(address: string, port: number): Promise<Socket> {
  try {
    return await connected(openSocket(address.includes(":") ? "ipv6" : "ipv4", "TCP"), address, port);
  } catch (error) {
    throw new ControlRefusal(`connect ${address} port ${port}: ${words(error)}`);
  }
}

function connected(fd: number, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Not read from before it is connected. The option is net.Socket's own, though its types leave it out.
    const options = { fd, readable: true, writable: true, manualStart: true, allowHalfOpen: true };
    const socket = new Socket(options);
    socket.once("error", reject);
    socket.connect({ host, port }, () => {
      socket.off("error", reject);
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

function words(error: unknown): string {
  const { code = String(error) } = error as { code?: string };
  return code === "ECONNREFUSED" ? "connection refused" : code;
}
