import { spawn } from "node:child_process";
import type { PodAddresses } from "./pod-addresses.ts";

/**
 * Makes the kernel forget every connection of addresses that are going away: the next pod with such an address must
 * not inherit one. What is gone already, or cannot be forgotten, only costs the connection's own timeout.
 */
export function forgetConnections(pods: readonly PodAddresses[]): Promise<void> {
  const commands = pods.flatMap(({ ipv4, ipv6 }) => [...deletions("ipv4", ipv4), ...deletions("ipv6", ipv6)]);
  return new Promise((resolve) => {
    // Through cat: Node's pipes are sockets, and conntrack opens /dev/stdin anew, which a socket refuses.
    const child = spawn("sh", ["-c", "cat | exec conntrack -R -"], { stdio: ["pipe", "ignore", "ignore"] });
    child.once("error", () => resolve());
    child.once("close", () => resolve());
    child.stdin.on("error", () => {});
    child.stdin.end(`${commands.join("\n")}\n`);
  });
}

/** As the one who began, and as the one who answers, which after a Service's DNAT is not the original destination. */
function deletions(family: string, address: string): string[] {
  return ["--orig-src", "--reply-src"].map((side) => `-D -f ${family} ${side} ${address}`);
}
