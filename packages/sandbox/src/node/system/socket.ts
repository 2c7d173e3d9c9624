import { closeSync } from "node:fs";
import { bind, type SystemCallError, setSocketOption, socket } from "./libc.ts";

const families = { ipv4: 2, ipv6: 10 } as const;
const types = { TCP: 1, UDP: 2 } as const;
const nonBlockingCloseOnExec = 0o4000 | 0o2000000;

/** A socket in the network namespace that the thread is in, not bound and not connected. The caller owns the fd. */
export function openSocket(family: "ipv4" | "ipv6", protocol: "TCP" | "UDP"): number {
  return socket(families[family], types[protocol] | nonBlockingCloseOnExec, 0);
}

/**
 * A socket bound to every address of the namespace: IPv6 with IPv4 mapped, or IPv4 alone where the machine has no IPv6.
 * @throws SystemCallError EADDRINUSE when the port is taken.
 */
export function openListener(protocol: "TCP" | "UDP", port: number): { fd: number; family: "ipv4" | "ipv6" } {
  const { fd, family } = openEither(protocol);
  try {
    if (protocol === "TCP") setSocketOption(fd, 1, 2, 1);
    bind(fd, anyAddress(family, port));
    return { fd, family };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function openEither(protocol: "TCP" | "UDP"): { fd: number; family: "ipv4" | "ipv6" } {
  try {
    return { fd: openSocket("ipv6", protocol), family: "ipv6" };
  } catch (error) {
    if ((error as SystemCallError).code !== "EAFNOSUPPORT") throw error;
    return { fd: openSocket("ipv4", protocol), family: "ipv4" };
  }
}

/** `struct sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)): family in host order, port in network order, rest zero. */
function anyAddress(family: "ipv4" | "ipv6", port: number): Uint8Array {
  const bytes = new Uint8Array(family === "ipv4" ? 16 : 28);
  new Uint16Array(bytes.buffer, 0, 1)[0] = families[family];
  new DataView(bytes.buffer).setUint16(2, port);
  return bytes;
}
