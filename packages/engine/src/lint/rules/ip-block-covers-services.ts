import { blockPrefixes } from "../../cover/peer-cover.ts";
import { AddressList, overlaps } from "../address-list.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";
import { walkPeers } from "../walk.ts";

export const ipBlockCoversServices: LintRule = {
  code: "ip-block-covers-services",
  severity: "warning",
  title: "an egress ipBlock is made for the addresses of Services",
  help: "Egress is judged after a Service's address has been translated to a pod's, so an ipBlock with a clusterIP matches nothing. Select the pods behind the Service.",
  *check(context) {
    const services = context.once(serviceAddresses);
    for (const { policy, direction, peer, peerPath } of walkPeers(context)) {
      // A wide block covers them by the way.
      if (peer.kind !== "ipBlock" || direction !== "Egress" || peer.cidr.prefix < 8) continue;
      const prefixes = blockPrefixes(peer);
      const names = services.within(prefixes);
      const ranges = context.assumptions.serviceCidrs.filter((cidr) => overlaps(prefixes, cidr));
      if (names.length === 0 && ranges.length === 0) continue;
      const what = names.length > 0 ? `Service ${listed(names)}` : `Services (${ranges[0]!.text})`;
      yield {
        ...context.at(policy, peerPath),
        message: `${peer.cidr.text} covers the address of ${what}, which policies do not see: connections are judged by the pod's address. Select the pods instead.`,
      };
    }
  },
};

function serviceAddresses({ cluster }: LintContext): AddressList {
  return new AddressList(
    cluster
      .services()
      .flatMap(({ clusterIPs, namespace, name }) =>
        clusterIPs.map((address) => ({ address, name: `${namespace}/${name}` })),
      ),
  );
}
