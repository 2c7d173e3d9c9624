import type { Cidr } from "@portcullis/engine";
import type { NodeFiles } from "./node-files.ts";
import type { NodeFinding } from "./node-finding.ts";
import { linkRoutes } from "./pod-links.ts";

const calls = { 4: "iptables", 6: "ip6tables" } as const;

/**
 * Whether packets between two pods of one bridge pass the hooks, which they do only by the module br_netfilter
 * (linux/Documentation/networking/bridge.rst, "netfilter"). A bridge matters that has a route to pods' addresses.
 */
export async function checkBridges(
  files: NodeFiles,
  podCidrs: readonly Cidr[],
): Promise<readonly NodeFinding[]> {
  const findings: NodeFinding[] = [];
  const routes = (await linkRoutes(files)).filter(({ destination }) => destination.prefix > 0);
  for (const family of [4, 6] as const) {
    const pods = podCidrs.filter((cidr) => cidr.family === family);
    const links = routes
      .filter(({ destination }) => destination.family === family)
      .filter(({ destination }) => pods.some((cidr) => overlap(cidr, destination)));
    for (const device of [...new Set(links.map((link) => link.device))].sort()) {
      const finding = await checkBridge(files, device, calls[family]);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return findings;
}

async function checkBridge(
  files: NodeFiles,
  device: string,
  call: "iptables" | "ip6tables",
): Promise<NodeFinding | undefined> {
  const folder = `/sys/class/net/${device}/bridge`;
  if ((await files.list(folder)).length === 0) return undefined;
  const sysctl = `net.bridge.bridge-nf-call-${call}`;
  const value = await files.read(`/proc/sys/${sysctl.replaceAll(".", "/")}`);
  // One bridge can be given to the hooks alone.
  const own = await files.read(`${folder}/nf_call_${call}`);
  if (value?.trim() === "1" || (value !== undefined && own?.trim() === "1")) return undefined;
  const passing = `pods are behind the bridge ${device}, and packets between them pass by the hooks`;
  return value === undefined
    ? {
        type: "BridgeNotFiltered",
        reason: "ModuleMissing",
        message: `${passing}, because the module br_netfilter is not loaded: modprobe br_netfilter && sysctl -w ${sysctl}=1`,
      }
    : {
        type: "BridgeNotFiltered",
        reason: "CallDisabled",
        message: `${passing}, because ${sysctl} is ${value.trim()}: sysctl -w ${sysctl}=1`,
      };
}

function overlap(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}
