import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { PodPlace } from "./pod.ts";

export const podCidrs = ["10.244.0.0/16", "fd00:10:244::/64"] as const;
/** The one that the Node object tells. */
export const nodeAddress = "10.245.0.1";
/** Another of the node's, as the one of a bridge between pods is: nobody tells the agent. */
const untoldAddress = "fd00:10:245::1";

/** A node of the test's own: network, mount and user namespaces, with routed veth pairs to the pods' namespaces. */
export interface NodeNamespace {
  /** Enters the namespaces; to be put in front of a program. */
  readonly command: readonly string[];
  readonly places: readonly PodPlace[];
  /** The node itself. */
  readonly host: PodPlace;
  /** Lets packets pass between pods. */
  forward(): void;
  close(): Promise<void>;
}

export async function openNode(names: readonly string[]): Promise<NodeNamespace> {
  const holder = spawn("unshare", ["-Urnm", "--fork", "--kill-child", "sh", "-ec", script(names)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(holder.stdout, "data")) as [Buffer];
  const pid = line.toString().trim();
  const command = ["nsenter", "-t", pid, "-U", "-n", "-m", "--preserve-credentials"];
  const places = names.map(
    (name, index) =>
      new PodPlace(name, addressesOf(index), [...command, "ip", "netns", "exec", `p${index + 1}`]),
  );
  const host = new PodPlace("node", [nodeAddress, untoldAddress], command);
  await Promise.all([host, ...places].map((place) => place.ready));
  return {
    command,
    places,
    host,
    forward: () => {
      const [program = "", ...args] = command;
      execFileSync(program, [...args, "sh", "-ec", forwarding]);
    },
    close: async () => {
      await Promise.all([host, ...places].map((place) => place.close()));
      const exited = once(holder, "exit");
      holder.kill("SIGKILL");
      await exited;
    },
  };
}

const addressesOf = (index: number): readonly [string, string] => [
  `10.244.0.${index + 1}`,
  `fd00:10:244::${index + 1}`,
];

const forwarding = "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding";
const gateway = { ipv4: "169.254.1.1", ipv6: "fe80::1", mac: "ee:ee:ee:ee:ee:ee" };

/** Prints its own process id when all is made, and holds the namespaces open. */
function script(names: readonly string[]): string {
  const node = [
    "link set lo up",
    `addr add ${nodeAddress}/32 dev lo`,
    `addr add ${untoldAddress}/128 dev lo nodad`,
    ...names.flatMap((_, index) => {
      const [ipv4, ipv6] = addressesOf(index);
      const [dev, mac] = [`v${index + 1}`, macOf(index)];
      return [
        `link add ${dev} address ${gateway.mac} type veth peer name eth0 address ${mac} netns p${index + 1}`,
        `link set ${dev} up`,
        `route add ${ipv4}/32 dev ${dev} src ${nodeAddress}`,
        `route add ${ipv6}/128 dev ${dev} src ${untoldAddress}`,
        `neigh replace ${ipv4} lladdr ${mac} dev ${dev} nud permanent`,
        `neigh replace ${ipv6} lladdr ${mac} dev ${dev} nud permanent`,
      ];
    }),
  ];
  return `
mount -t tmpfs tmpfs /run
mkdir /run/netns
${names.map((_, index) => `ip netns add p${index + 1}`).join("\n")}
ip -batch - <<'BATCH'
${node.join("\n")}
BATCH
${names.map((_, index) => `ip -n p${index + 1} -batch - <<'BATCH'\n${inPod(index)}\nBATCH`).join("\n")}
echo $$
exec sleep infinity`;
}

function inPod(index: number): string {
  const [ipv4, ipv6] = addressesOf(index);
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
  ].join("\n");
}

const macOf = (index: number): string => `02:00:00:00:00:${(index + 1).toString(16).padStart(2, "0")}`;
