import type { NodeFiles } from "./node-files.ts";
import type { NodeFinding } from "./node-finding.ts";

/**
 * Whether Services are translated by IPVS, which takes packets to a Service in at the input hook, before their
 * destination is known, and sends them on from the output hook, which is the node's own and not judged.
 */
export async function checkIpvs(files: NodeFiles): Promise<readonly NodeFinding[]> {
  const table = (await files.read("/proc/net/ip_vs")) ?? "";
  const services = table.split("\n").filter((line) => /^(TCP|UDP|SCTP|FWM) /.test(line)).length;
  if (services === 0) return [];
  return [
    {
      type: "IpvsServices",
      reason: "ServicesByIpvs",
      message: `IPVS translates ${services} Services, and what comes through a Service passes by the ingress policies of pods of this node: run kube-proxy in the mode nftables or iptables`,
    },
  ];
}
