import type { Chain, Element, MapElement, NftMap, NftSet, Rule, Table } from "@portcullis/nft";
import { clusterNetwork } from "../../cluster-network.ts";
import type { ServiceTarget } from "./service-endpoints.ts";

export const serviceTableRef = { family: "inet", name: "portcullis-services" } as const;

const versions = [4, 6] as const;
type Version = (typeof versions)[number];

const ip = { 4: "ip", 6: "ip6" } as const;
const addressType = { 4: "ipv4_addr", 6: "ipv6_addr" } as const;

/**
 * The nftables rules of Services, as kube-proxy's: a Service's address becomes that of one of its endpoints, chosen at
 * random, on the way in from pods and on the way out of the node. What is still for a Service address after that has
 * no endpoint, and is rejected. A node port leads to the same from the node's own addresses. A pod that reaches itself that way gets its source replaced, or the answer would not
 * pass here; nobody else's is, so that policies see who it is.
 * @param pods Addresses of every pod.
 */
export function serviceTable(targets: readonly ServiceTarget[], pods: readonly string[]): Table {
  const chains = [...baseChains(), ...targets.map(targetChain)];
  const maps = versions.map((version) => serviceMap(version, targets));
  const sets = versions.map((version) => hairpinSet(version, pods));
  return { ...serviceTableRef, chains: byName(chains), maps: byName(maps), sets: byName(sets) };
}

function baseChains(): Chain[] {
  const translate = versions.map(
    (version): Rule => ({
      statements: [
        { kind: "vmap", fields: [`${ip[version]} daddr`, "meta l4proto", "th dport"], map: mapName(version) },
      ],
    }),
  );
  const masquerade = versions.map(
    (version): Rule => ({
      statements: [
        { kind: "lookup", fields: [`${ip[version]} saddr`, `${ip[version]} daddr`], set: setName(version) },
        { kind: "masquerade" },
      ],
    }),
  );
  const base = (
    name: string,
    type: "nat" | "filter",
    hook: Hook,
    priority: number,
    rules: readonly Rule[],
  ) => ({
    name,
    hook: { type, hook, priority, policy: "accept" } as const,
    rules,
  });
  return [
    base("c_prerouting", "nat", "prerouting", -100, translate),
    base("c_output", "nat", "output", -100, translate),
    base("c_postrouting", "nat", "postrouting", 100, masquerade),
    base("c_unserved_pods", "filter", "prerouting", -90, rejections()),
    base("c_unserved_node", "filter", "output", -90, rejections()),
  ];
}

type Hook = "prerouting" | "output" | "postrouting";

function rejections(): Rule[] {
  return versions.flatMap((version): Rule[] => {
    const toService = {
      kind: "match",
      fields: [`${ip[version]} daddr`],
      values: [[clusterNetwork.serviceCidrs[version === 4 ? 0 : 1]]],
    } as const;
    const tcp = { kind: "match", fields: ["meta l4proto"], values: [["tcp"]] } as const;
    return [
      { statements: [toService, tcp, { kind: "reject", with: "tcp reset" }], comment: "no endpoint" },
      { statements: [toService, { kind: "reject", with: "icmpx admin-prohibited" }], comment: "no endpoint" },
    ];
  });
}

function targetChain(target: ServiceTarget): Chain {
  const { version, protocol, endpoints, service } = target;
  const l4proto = { kind: "match", fields: ["meta l4proto"], values: [[protocol.toLowerCase()]] } as const;
  return {
    name: chainName(target),
    rules: [
      { statements: [l4proto, { kind: "dnat", family: ip[version], to: endpoints }], comment: service },
    ],
  };
}

function serviceMap(version: Version, targets: readonly ServiceTarget[]): NftMap {
  const nodeAddress = clusterNetwork.nodeAddresses[version === 4 ? 0 : 1];
  const elements = targets
    .filter((target) => target.version === version)
    .flatMap((target): MapElement[] => {
      const element = (address: string, port: number): MapElement => ({
        key: [address, target.protocol.toLowerCase(), String(port)],
        value: { kind: "goto", chain: chainName(target) },
      });
      const { nodePort } = target;
      const own = element(target.address, target.port);
      return nodePort === undefined ? [own] : [own, element(nodeAddress, nodePort)];
    });
  const key = [addressType[version], "inet_proto", "inet_service"] as const;
  return { name: mapName(version), key, value: "verdict", elements: byKey(elements) };
}

function hairpinSet(version: Version, pods: readonly string[]): NftSet {
  const elements = pods
    .filter((address) => address.includes(":") === (version === 6))
    .map((address): Element => ({ key: [address, address] }));
  const key = [addressType[version], addressType[version]] as const;
  return { name: setName(version), key, elements: byKey(elements) };
}

const mapName = (version: Version): string => `m_services${version}`;
const setName = (version: Version): string => `s_hairpin${version}`;

/** After the address, which is unique and short: a Service's name may be longer than a chain's. */
const chainName = ({ address, protocol, port }: ServiceTarget): string =>
  `svc_${address.replaceAll(":", "_")}_${protocol.toLowerCase()}_${port}`;

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function byKey<T extends Element>(elements: readonly T[]): ReadonlyMap<string, T> {
  return new Map(elements.map((element) => [element.key.join(" . "), element]));
}
