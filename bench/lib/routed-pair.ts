import { inNamespace, runTool } from "./network-namespace.ts";

/**
 * A client and a server, each in a network namespace of its own, joined by a router: the sandbox's topology (one /32
 * veth per pod, static neighbours, no bridge) with two pods. Everything between the two runs in the sender's thread.
 */
export interface RoutedPair {
  readonly client: string;
  readonly router: string;
  readonly server: string;
}

const routerMac = "ee:ee:ee:ee:ee:ee";
const gateway = "169.254.1.1";

/** Makes namespaces `<name>c`, `<name>r`, `<name>s`. */
export function routedPair(name: string, clientAddress: string, serverAddress: string): RoutedPair {
  const pair = { client: `${name}c`, router: `${name}r`, server: `${name}s` };
  const ends = [
    { pod: pair.client, address: clientAddress, device: "vc", mac: "02:00:00:00:00:01" },
    { pod: pair.server, address: serverAddress, device: "vs", mac: "02:00:00:00:00:02" },
  ];
  ip(
    Object.values(pair).map((namespace) => `netns add ${namespace}`),
    undefined,
  );
  ip(
    ends.flatMap(({ pod, device, mac, address }) => [
      `link add ${device} address ${routerMac} type veth peer name eth0 address ${mac} netns ${pod}`,
      `link set ${device} up`,
      `route add ${address}/32 dev ${device}`,
      `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`,
    ]),
    pair.router,
  );
  for (const { pod, address } of ends) {
    const commands = [
      "link set lo up",
      `addr add ${address}/32 dev eth0`,
      "link set eth0 up",
      `route add ${gateway} dev eth0 scope link`,
      `route add default via ${gateway}`,
      `neigh replace ${gateway} lladdr ${routerMac} dev eth0 nud permanent`,
    ];
    ip(commands, pod);
  }
  inNamespace(pair.router, () => runTool("sysctl", ["-qw", "net.ipv4.ip_forward=1"]));
  // TIME_WAIT keeps a port for a minute: a run needs more of them than the default range has.
  inNamespace(pair.client, () => runTool("sysctl", ["-qw", "net.ipv4.ip_local_port_range=1024 65535"]));
  return pair;
}

function ip(commands: readonly string[], namespace: string | undefined): void {
  const where = namespace === undefined ? [] : ["-n", namespace];
  runTool("ip", [...where, "-batch", "-"], `${commands.join("\n")}\n`);
}
