import type { Cidr } from "@portcullis/engine";
import type { NodeFiles } from "./node-files.ts";
import type { NodeFinding } from "./node-finding.ts";

const switches = {
  4: { sysctl: "net.ipv4.ip_forward", reason: "Ipv4ForwardingOff" },
  6: { sysctl: "net.ipv6.conf.all.forwarding", reason: "Ipv6ForwardingOff" },
} as const;

/** Whether the node forwards packets of the families that its pods have addresses of. */
export async function checkForwarding(
  files: NodeFiles,
  podCidrs: readonly Cidr[],
): Promise<readonly NodeFinding[]> {
  const findings: NodeFinding[] = [];
  for (const family of [4, 6] as const) {
    if (!podCidrs.some((cidr) => cidr.family === family)) continue;
    const { sysctl, reason } = switches[family];
    if ((await files.read(`/proc/sys/${sysctl.replaceAll(".", "/")}`))?.trim() !== "0") continue;
    const message = `the node forwards no IPv${family} packets, so that no pod reaches another: sysctl -w ${sysctl}=1`;
    findings.push({ type: "ForwardingOff", reason, message });
  }
  return findings;
}
