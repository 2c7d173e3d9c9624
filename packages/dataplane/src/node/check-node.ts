import type { Cidr } from "@portcullis/engine";
import type { Nft } from "@portcullis/nft";
import { checkBridges } from "./check-bridges.ts";
import { checkConnections } from "./check-connections.ts";
import { checkForwarding } from "./check-forwarding.ts";
import { checkIpvs } from "./check-ipvs.ts";
import { checkNft } from "./check-nft.ts";
import { type NodeFiles, ownFiles } from "./node-files.ts";
import type { NodeFinding } from "./node-finding.ts";

export interface NodeCheckOptions {
  readonly nft: Nft;
  /** Addresses of local pods. */
  readonly podCidrs: readonly Cidr[];
  /** Default: those of this process, which then has to be in the node's network namespace. */
  readonly files?: NodeFiles;
}

/**
 * What on this node keeps policies from being enforced; empty when nothing does. Changes nothing, takes some 50 ms and
 * two processes, and is meant to be asked at the start and every minute or so: sysctls change.
 */
export async function checkNode(options: NodeCheckOptions): Promise<readonly NodeFinding[]> {
  const { nft, podCidrs, files = ownFiles } = options;
  const findings = await Promise.all([
    checkNft(nft),
    checkBridges(files, podCidrs),
    checkIpvs(files),
    checkForwarding(files, podCidrs),
    checkConnections(files),
  ]);
  return findings.flat();
}
