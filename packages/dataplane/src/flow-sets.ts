import type { NftSet, Rule } from "@portcullis/nft";
import { type IpVersion, ipVersions } from "./names.ts";
import { ip, rule } from "./statements.ts";

/**
 * What flows are counted for:
 *
 * drops_*         a policy denied them, on the way in or out
 * unprogrammed_*  the address of a local pod that no policy chain judges yet, as their destination or their source
 * flows           they were allowed
 */
export type Tally =
  | "drops_ingress"
  | "drops_egress"
  | "unprogrammed_ingress"
  | "unprogrammed_egress"
  | "flows";

/** Seconds without a packet after which the kernel forgets a flow. */
export const forgottenAfter = 300;

/** Most flows that are counted, for each address family. The kernel allocates buckets up front: 32 bytes for each. */
const sizes: Readonly<Record<Tally, { readonly ports: number; readonly portless: number }>> = {
  drops_ingress: { ports: 16_384, portless: 1_024 },
  drops_egress: { ports: 16_384, portless: 1_024 },
  unprogrammed_ingress: { ports: 1_024, portless: 128 },
  unprogrammed_egress: { ports: 1_024, portless: 128 },
  flows: { ports: 16_384, portless: 1_024 },
};

const transports = [["tcp"], ["udp"], ["sctp"]];

/** Dynamic sets, one each for the address families, and for protocols with and without ports. */
export function flowSets(tally: Tally): readonly NftSet[] {
  return ipVersions.flatMap((version) => [flowSet(tally, version, true), flowSet(tally, version, false)]);
}

function flowSet(tally: Tally, version: IpVersion, ports: boolean): NftSet {
  const address = version === 4 ? "ipv4_addr" : "ipv6_addr";
  return {
    name: flowSetName(tally, version, ports),
    key: [address, address, "inet_proto", ...(ports ? (["inet_service"] as const) : [])],
    dynamic: true,
    timeout: forgottenAfter,
    size: ports ? sizes[tally].ports : sizes[tally].portless,
    elements: new Map(),
  };
}

/** Rules that count a packet in these sets, and go on: one of a full set goes uncounted. */
export function countFlow(tally: Tally): readonly Rule[] {
  return ipVersions.flatMap((version) =>
    [true, false].map((ports) =>
      rule(
        { kind: "match", fields: ["meta l4proto"], not: !ports, values: transports },
        {
          kind: "update",
          set: flowSetName(tally, version, ports),
          fields: [
            ip(version, "saddr"),
            ip(version, "daddr"),
            "meta l4proto",
            ...(ports ? (["th dport"] as const) : []),
          ],
          counter: true,
        },
      ),
    ),
  );
}

function flowSetName(tally: Tally, version: IpVersion, ports: boolean): string {
  return `${tally}_v${version}${ports ? "" : "_portless"}`;
}
