import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect } from "node:net";

/**
 * Tries `host:port` once. Undefined when it answers; otherwise TIMEOUT, REFUSED, DNS or OTHER with the reason. A datagram
 * has been answered when anything comes back.
 */
export async function connectOnce(
  target: string,
  protocol: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? [];
  if (host === "") return `OTHER: ${target} is not HOST:PORT`;
  if (protocol !== "tcp" && protocol !== "udp") return `OTHER: ${protocol} is not supported by this program`;
  let address: string;
  try {
    ({ address } = await lookup(host));
  } catch (error) {
    return `DNS: ${(error as Error).message}`;
  }
  return protocol === "tcp"
    ? tryTcp(address, Number(port), timeoutMs)
    : tryUdp(address, Number(port), timeoutMs);
}

function tryTcp(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (why?: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(timeoutMs, () => settle("TIMEOUT"));
    socket.on("connect", () => settle());
    socket.on("error", (error) => settle(reasonOf(error)));
  });
}

function tryUdp(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const settle = (why?: string) => {
      clearTimeout(timer);
      socket.close();
      resolve(why);
    };
    const timer = setTimeout(() => settle("TIMEOUT"), timeoutMs);
    socket.once("message", () => settle());
    socket.once("error", (error) => settle(reasonOf(error)));
    socket.connect(port, host, () => socket.send("hostname"));
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ECONNREFUSED") return "REFUSED";
  return code === "ETIMEDOUT" ? "TIMEOUT" : `OTHER: ${message}`;
}
