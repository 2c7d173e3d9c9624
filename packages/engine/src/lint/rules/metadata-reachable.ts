import { blockPrefixes } from "../../cover/peer-cover.ts";
import { portCover } from "../../cover/port-cover.ts";
import type { Peer } from "../../model/network-policy.ts";
import { parseAddress } from "../../net/address.ts";
import { cidrContains } from "../../net/cidr.ts";
import { toldAllowAlls } from "../allow-alls.ts";
import type { Fix } from "../finding.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { type WalkedPeer, walkPeers, walkRules } from "../walk.ts";

/** Where clouds serve a machine's identity and credentials, on TCP port 80; the second one is that of AWS for IPv6. */
const endpoints = ["169.254.169.254", "fd00:ec2::254"].map((text) => parseAddress(text)!);

export const metadataReachable: LintRule = {
  code: "metadata-reachable",
  severity: "warning",
  title: "an egress rule reaches the cloud's metadata service",
  help: "At 169.254.169.254 (fd00:ec2::254) clouds hand out the node's credentials to whoever asks. Except the address from blocks that include it.",
  *check(context) {
    const told = context.once(toldAllowAlls);
    for (const { policy, direction, rule, path } of walkRules(context)) {
      if (direction !== "Egress" || rule.peers.length > 0 || told.has(rule)) continue;
      if (!portCover(rule.ports).numbers.has("TCP", 80)) continue;
      const message =
        "A rule without to reaches every address, the cloud's metadata service (169.254.169.254) included.";
      yield { ...context.at(policy, path), message };
    }
    for (const walked of walkPeers(context)) {
      const { policy, direction, rule, peer, peerPath } = walked;
      if (direction !== "Egress" || !portCover(rule.ports).numbers.has("TCP", 80)) continue;
      const endpoint = reached(peer);
      if (endpoint === undefined) continue;
      yield {
        ...context.at(policy, peerPath),
        message: `This block includes ${endpoint}, the cloud's metadata service: pods can ask it for the node's credentials.`,
        fix: exceptFix(context, walked, endpoint),
      };
    }
  },
};

function reached(peer: Peer): string | undefined {
  if (peer.kind !== "ipBlock") return undefined;
  // Who names it alone means it.
  if (peer.cidr.prefix === 32 || peer.cidr.prefix === 128) return undefined;
  return endpoints.find((each) => blockPrefixes(peer).some((prefix) => cidrContains(prefix, each)))?.text;
}

function exceptFix(
  context: LintContext,
  { policy, peer, peerPath }: WalkedPeer,
  endpoint: string,
): Fix | undefined {
  if (peer.kind !== "ipBlock" || peer.except.length > 0) return undefined;
  const { range: key } = context.at(policy, [...peerPath, "ipBlock", "cidr"], "key");
  const { range: value } = context.at(policy, [...peerPath, "ipBlock", "cidr"]);
  if (key === undefined || value === undefined) return undefined;
  const text = context.source.editable(key.file);
  const lineStart = value.start.offset - value.start.column + 1;
  const line = text?.slice(lineStart, lineStart + 1000).split(/\r?\n/, 1)[0];
  // On a line of its own, so that another can follow.
  if (line === undefined || !/^ *(?:- *)?(?:ipBlock: *)?cidr: *["']?[^ #{}"']+["']? *$/.test(line))
    return undefined;
  const lineEnd = lineStart + line.length;
  const prefix = endpoint.includes(":") ? 128 : 32;
  const added = `\n${" ".repeat(key.start.column - 1)}except: ["${endpoint}/${prefix}"]`;
  const edits = [{ file: key.file, start: lineEnd, end: lineEnd, text: added }];
  return { title: `except ${endpoint}/${prefix}`, safe: false, edits };
}
