/** A pod's link to its node, as routed CNIs make it: no bridge, and neighbours that nobody has to ask for. */
export interface PodLink {
  /** On the node. */
  readonly device: string;
  /** The pod's network namespace, by its name on the node. */
  readonly namespace: string;
  /** Of the pod's end. */
  readonly mac: string;
  readonly addresses: Addresses;
}

/** Of IPv4 and of IPv6. */
type Addresses = readonly [string, string];

/** Of the node's end of every link. */
const gateway = { addresses: ["169.254.1.1", "fe80::1"], mac: "ee:ee:ee:ee:ee:ee" } as const;

/** Commands of ip(8) that make the link, and the node's end of it. What the node sends there comes from `sources`. */
export function nodeEnd(link: PodLink, sources: Addresses): readonly string[] {
  const { device, addresses } = link;
  return [
    ...unroutedNodeEnd(link),
    ...addresses.map((address, family) => `route add ${address} dev ${device} src ${sources[family]}`),
  ];
}

/** As `nodeEnd`, of a pod whose address lies elsewhere at the moment. */
export function unroutedNodeEnd({ device, namespace, mac, addresses }: PodLink): readonly string[] {
  return [
    `link add ${device} address ${gateway.mac} type veth peer name eth0 address ${mac} netns ${namespace}`,
    `link set ${device} up`,
    ...addresses.map((address) => neighbour(address, mac, device)),
  ];
}

/** Commands of ip(8) in the pod's namespace. */
export function podEnd([ipv4, ipv6]: Addresses): readonly string[] {
  const [gateway4, gateway6] = gateway.addresses;
  return [
    "link set lo up",
    `addr add ${ipv4}/32 dev eth0`,
    `addr add ${ipv6}/128 dev eth0 nodad`,
    "link set eth0 up",
    `route add ${gateway4} dev eth0 scope link`,
    `route add default via ${gateway4}`,
    `route add default via ${gateway6} dev eth0`,
    ...gateway.addresses.map((address) => neighbour(address, gateway.mac, "eth0")),
  ];
}

const neighbour = (address: string, mac: string, device: string): string =>
  `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`;

/** Has ip(8) carry these out in a network namespace: a line of sh(1). */
export const inNamespace = (name: string, commands: readonly string[]): string =>
  `ip -n ${name} -batch - <<'BATCH'\n${commands.join("\n")}\nBATCH`;

/** Lets packets pass between links: a line of sh(1), for the network namespace that it runs in. */
export const forwarding =
  "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding";
