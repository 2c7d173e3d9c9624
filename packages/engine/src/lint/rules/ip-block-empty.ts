import { blockPrefixes } from "../../cover/peer-cover.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkPeers } from "../walk.ts";

export const ipBlockEmpty: LintRule = {
  code: "ip-block-empty",
  severity: "warning",
  title: "the exceptions take away the whole ipBlock",
  help: "Nothing is left of the block: the peer lets nobody through.",
  *check(context) {
    for (const { policy, peer, peerPath } of walkPeers(context)) {
      if (peer.kind !== "ipBlock" || blockPrefixes(peer).length > 0) continue;
      yield {
        ...context.at(policy, peerPath),
        message: `The exceptions together are all of ${peer.cidr.text}: this peer lets nobody through.`,
      };
    }
  },
};
