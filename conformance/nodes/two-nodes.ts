import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { PodPlace } from "../faults/pod.ts";
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
  const holder = spawn("unshare", ["-Urnm", "--fork", "--kill-child", "sh", "-ec", script()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(holder.stdout, "data")) as [Buffer];
  const pid = line.toString().trim();
  const enter = ["nsenter", "-t", pid, "-U", "-n", "-m", "--preserve-credentials"];
  const inside = (namespace: string) => [...enter, "ip", "netns", "exec", namespace];
  const opened = Object.fromEntries(
    Object.values(places).map(({ name, addresses }) => [name, new PodPlace(name, addresses, inside(name))]),
  ) as Record<PlaceName, PodPlace>;
  const hostOf = ({ name, addresses }: NodeLayout) => new PodPlace(name, addresses, inside(name));
  const hosts = [hostOf(nodes[0]), hostOf(nodes[1])] as const;
  const all = [...Object.values(opened), ...hosts];
  await Promise.all(all.map((each) => each.ready));
  const run = (node: string, argv: readonly string[], input = "") => {
    const [program = "", ...args] = [...inside(node), ...argv];
    return execFileSync(program, args, { encoding: "utf8", input });
  };
  return {
    places: opened,
    hosts,
    commandOf: inside,
    run,
    fullDirectory,
    route(to) {
      for (const node of nodes)
        run(node.name, ["ip", "-batch", "-"], `${routesOfMoving(node, to).join("\n")}\n`);
    },
    async close() {
      await Promise.all(all.map((each) => each.close()));
      const exited = once(holder, "exit");
      holder.kill("SIGKILL");
      await exited;
    },
  };
}

/** Of the node's side of every pod's link, as routed CNIs have it: the pods' gateway. */
const gateway = { ipv4: "169.254.1.1", ipv6: "fe80::1", mac: "ee:ee:ee:ee:ee:ee" };
const link = "to-other";
const fullDirectory = "/run/full";

/** Prints its own process id when all is made, and holds the namespaces open. */
function script(): string {
  const all = Object.values(places);
  const [first, second] = nodes;
  return `
mount -t tmpfs tmpfs /run
mkdir /run/netns ${fullDirectory}
mount -t tmpfs -o size=8k tmpfs ${fullDirectory}
head -c 8192 /dev/zero >${fullDirectory}/all || true
${[...nodes, ...all].map(({ name }) => `ip netns add ${name}`).join("\n")}
ip -n ${first.name} link add ${link} type veth peer name ${link} netns ${second.name}
${nodes.map((node) => batch(node.name, nodeLines(node))).join("\n")}
${all.map((each) => batch(each.name, placeLines(each))).join("\n")}
for node in ${nodes.map(({ name }) => name).join(" ")}; do
  ip netns exec $node sh -ec 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
done
echo $$
exec sleep infinity`;
}

const batch = (namespace: string, lines: readonly string[]): string =>
  `ip -n ${namespace} -batch - <<'BATCH'\n${lines.join("\n")}\nBATCH`;

function nodeLines(node: NodeLayout): readonly string[] {
  const [ipv4, ipv6] = node.addresses;
  const other = otherOf(node);
  return [
    "link set lo up",
    `addr add ${ipv4}/24 dev ${link}`,
    `addr add ${ipv6}/64 dev ${link} nodad`,
    `link set ${link} up`,
    ...other.podCidrs.map((cidr, family) => `route add ${cidr} via ${other.addresses[family]}`),
    ...Object.values(places).flatMap((each, index) =>
      each.node === node.name ? placeLinkLines(each, index, node) : [],
    ),
    ...routesOfMoving(node, "moving-a"),
  ];
}

/** The node's end of a place's link. */
function placeLinkLines(
  { name, addresses }: PlaceLayout,
  index: number,
  node: NodeLayout,
): readonly string[] {
  const dev = deviceOf(index);
  const isMoving = name.startsWith("moving");
  return [
    `link add ${dev} address ${gateway.mac} type veth peer name eth0 address ${macOf(index)} netns ${name}`,
    `link set ${dev} up`,
    ...addresses.flatMap((address, family) => [
      ...(isMoving ? [] : [`route add ${address} dev ${dev} src ${node.addresses[family]}`]),
      `neigh replace ${address} lladdr ${macOf(index)} dev ${dev} nud permanent`,
    ]),
  ];
}

function routesOfMoving(node: NodeLayout, to: "moving-a" | "moving-b"): readonly string[] {
  const { node: home, addresses } = places[to];
  const index = Object.keys(places).indexOf(to);
  return addresses.map((address, family) =>
    node.name === home
      ? `route replace ${address} dev ${deviceOf(index)} src ${node.addresses[family]}`
      : `route replace ${address} via ${otherOf(node).addresses[family]}`,
  );
}

function placeLines({ addresses: [ipv4, ipv6] }: PlaceLayout): readonly string[] {
  return [
    "link set lo up",
    `addr add ${ipv4}/32 dev eth0`,
    `addr add ${ipv6}/128 dev eth0 nodad`,
    "link set eth0 up",
    `route add ${gateway.ipv4} dev eth0 scope link`,
    `route add default via ${gateway.ipv4}`,
    `neigh replace ${gateway.ipv4} lladdr ${gateway.mac} dev eth0 nud permanent`,
    `route add default via ${gateway.ipv6} dev eth0`,
    `neigh replace ${gateway.ipv6} lladdr ${gateway.mac} dev eth0 nud permanent`,
  ];
}

const otherOf = (node: NodeLayout): NodeLayout => (node === nodes[0] ? nodes[1] : nodes[0]);
const deviceOf = (index: number): string => `pod${index}`;
const macOf = (index: number): string => `02:00:00:00:07:${(index + 1).toString(16).padStart(2, "0")}`;
