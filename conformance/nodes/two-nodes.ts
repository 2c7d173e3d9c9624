import { openMachine } from "../faults/machine.ts";
import { PodPlace } from "../faults/pod.ts";
import {
  forwarding,
  inNamespace,
  nodeEnd,
  type PodLink,
  podEnd,
  unroutedNodeEnd,
} from "../faults/pod-link.ts";
import { type NodeLayout, nodes, type PlaceLayout, type PlaceName, places } from "./layout.ts";

/** Two machines in namespaces of this one, with a routed link between them, and places for pods on both. */
export interface TwoNodes {
  readonly places: Readonly<Record<PlaceName, PodPlace>>;
  /** The nodes themselves, in the order of `nodes`. */
  readonly hosts: readonly [PodPlace, PodPlace];
  /** Enters a node's network namespace; to be put in front of a program. */
  commandOf(node: string): readonly string[];
  /** Runs a program on a node, with this input, and gives what it prints. */
  run(node: string, argv: readonly string[], input?: string): string;
  /** Of a file system on which nothing has room. */
  readonly fullDirectory: string;
  /** Leads the moving address to one of its places, as a CNI does when the pod moves. */
  route(to: "moving-a" | "moving-b"): void;
  close(): Promise<void>;
}

export async function openTwoNodes(): Promise<TwoNodes> {
  const machine = await openMachine(script());
  const enter = (namespace: string) => ["ip", "netns", "exec", namespace];
  const commandOf = (namespace: string) => [...machine.command, ...enter(namespace)];
  const opened = Object.fromEntries(
    Object.values(places).map(({ name, addresses }) => [
      name,
      new PodPlace(name, addresses, commandOf(name)),
    ]),
  ) as Record<PlaceName, PodPlace>;
  const hostOf = ({ name, addresses }: NodeLayout) => new PodPlace(name, addresses, commandOf(name));
  const hosts = [hostOf(nodes[0]), hostOf(nodes[1])] as const;
  const all = [...Object.values(opened), ...hosts];
  await Promise.all(all.map((each) => each.ready));
  const run = (node: string, argv: readonly string[], input?: string) =>
    machine.run([...enter(node), ...argv], input);
  return {
    places: opened,
    hosts,
    commandOf,
    run,
    fullDirectory,
    route(to) {
      for (const node of nodes)
        run(node.name, ["ip", "-batch", "-"], `${routesOfMoving(node, to).join("\n")}\n`);
    },
    async close() {
      await Promise.all(all.map((each) => each.close()));
      await machine.close();
    },
  };
}

const between = "to-other";
const fullDirectory = "/run/full";

/**
 * A node asks for its neighbour from its link-local address. While that is tentative (RFC 4862, 5.4: for up to two
 * seconds) packets from node to node wait, and are told that there is no way once three questions went unasked.
 */
const withoutDad = "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad";

/**
 * The link's ends have different indexes: by equal ones the kernel takes them for one end, and lets the second wait up
 * to a second until it is ready for IPv6.
 */
function script(): string {
  const all = Object.values(places);
  const [first, second] = nodes;
  return `
mount -t tmpfs tmpfs /run
mkdir /run/netns ${fullDirectory}
mount -t tmpfs -o size=8k tmpfs ${fullDirectory}
head -c 8192 /dev/zero >${fullDirectory}/all || true
${[...nodes, ...all].map(({ name }) => `ip netns add ${name}`).join("\n")}
${nodes.map(({ name }) => `ip netns exec ${name} sh -ec '${withoutDad}'`).join("\n")}
ip -n ${first.name} link add ${between} index 101 type veth peer name ${between} index 102 netns ${second.name}
${nodes.map((node) => inNamespace(node.name, nodeCommands(node))).join("\n")}
${all.map(({ name, addresses }) => inNamespace(name, podEnd(addresses))).join("\n")}
for node in ${nodes.map(({ name }) => name).join(" ")}; do
  ip netns exec $node sh -ec '${forwarding}'
  for _ in $(seq 500); do
    ip -n $node -6 address show dev ${between} scope link -tentative | grep -q inet6 && break
    sleep 0.01
  done
done`;
}

function nodeCommands(node: NodeLayout): readonly string[] {
  const [ipv4, ipv6] = node.addresses;
  const other = otherOf(node);
  return [
    "link set lo up",
    `addr add ${ipv4}/24 dev ${between}`,
    `addr add ${ipv6}/64 dev ${between} nodad`,
    `link set ${between} up`,
    ...other.podCidrs.map((cidr, family) => `route add ${cidr} via ${other.addresses[family]}`),
    ...placesOn(node).flatMap((each) =>
      isMoving(each) ? unroutedNodeEnd(linkOf(each)) : nodeEnd(linkOf(each), node.addresses),
    ),
    ...routesOfMoving(node, "moving-a"),
  ];
}

function routesOfMoving(node: NodeLayout, to: "moving-a" | "moving-b"): readonly string[] {
  const { device, addresses } = linkOf(places[to]);
  return addresses.map((address, family) =>
    node.name === places[to].node
      ? `route replace ${address} dev ${device} src ${node.addresses[family]}`
      : `route replace ${address} via ${otherOf(node).addresses[family]}`,
  );
}

function linkOf({ name, addresses }: PlaceLayout): PodLink {
  const index = Object.keys(places).indexOf(name);
  const mac = `02:00:00:00:07:${(index + 1).toString(16).padStart(2, "0")}`;
  return { device: `pod${index}`, namespace: name, mac, addresses };
}

const otherOf = (node: NodeLayout): NodeLayout => (node === nodes[0] ? nodes[1] : nodes[0]);
const placesOn = (node: NodeLayout): readonly PlaceLayout[] =>
  Object.values(places).filter((each) => each.node === node.name);
const isMoving = ({ name }: PlaceLayout): boolean => name.startsWith("moving");
