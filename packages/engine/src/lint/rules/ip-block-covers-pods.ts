import { blockPrefixes } from "../../cover/peer-cover.ts";
import { isObject } from "../../manifest/decode.ts";
import type { Address } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { AddressList, overlaps } from "../address-list.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, plural, podLabel } from "../names.ts";
import { walkPeers } from "../walk.ts";

export const ipBlockCoversPods: LintRule = {
  code: "ip-block-covers-pods",
  severity: "warning",
  title: "an ipBlock covers addresses of pods",
  help: "A pod's address changes when it is made anew, and network plugins differ in whether an ipBlock matches pods at all. Select pods by labels, and except their addresses from the block.",
  *check(context) {
    const addresses = context.once(podAddresses);
    const nodeCidrs = context.once(podCidrsOfNodes);
    for (const { policy, direction, peer, peerPath } of walkPeers(context)) {
      // Who lets in the whole world is told that.
      if (peer.kind !== "ipBlock" || (direction === "Ingress" && peer.cidr.prefix === 0)) continue;
      const prefixes = blockPrefixes(peer);
      const keys = addresses.within(prefixes);
      const ranges = [...context.assumptions.podCidrs, ...nodeCidrs].filter((cidr) =>
        overlaps(prefixes, cidr),
      );
      if (keys.length === 0 && ranges.length === 0) continue;
      const pods =
        keys.length > 0 ? `${plural(keys.length, "pod")} (${listed(keys)})` : `pods (${ranges[0]!.text})`;
      yield {
        ...context.at(policy, peerPath),
        ...(peer.cidr.prefix === 0 ? { severity: "info" as const } : {}),
        message: `${peer.cidr.text} covers addresses of ${pods}. Select pods by their labels; they will not keep their addresses.`,
      };
    }
  },
};

function podAddresses({ state }: LintContext): AddressList {
  const all: { readonly address: Address; readonly name: string }[] = [];
  for (const { addresses, pod } of state.pods.values())
    for (const address of addresses) all.push({ address, name: podLabel(pod) });
  return new AddressList(all);
}

/** Where nodes take the addresses of their pods from, as far as Node objects were read from manifests. */
function podCidrsOfNodes(context: LintContext): readonly Cidr[] {
  return context.cluster.nodes().flatMap((node) => {
    const written = context.written(node);
    const spec = isObject(written) && isObject(written.spec) ? written.spec : {};
    const texts = Array.isArray(spec.podCIDRs) ? spec.podCIDRs : [spec.podCIDR];
    return texts.flatMap((text) => (typeof text === "string" ? (parseCidr(text) ?? []) : []));
  });
}
