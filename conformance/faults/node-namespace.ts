import { openMachine } from "./machine.ts";
import { PodPlace } from "./pod.ts";
import { forwarding, inNamespace, nodeEnd, podEnd } from "./pod-link.ts";

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
  const machine = await openMachine(script(names.length));
  const { command } = machine;
  const places = names.map(
    (name, index) =>
      new PodPlace(name, addressesOf(index), [...command, "ip", "netns", "exec", namespaceOf(index)]),
  );
  const host = new PodPlace("node", [nodeAddress, untoldAddress], command);
  await Promise.all([host, ...places].map((place) => place.ready));
  return {
    command,
    places,
    host,
    forward: () => machine.run(["sh", "-ec", forwarding]),
    close: async () => {
      await Promise.all([host, ...places].map((place) => place.close()));
      await machine.close();
    },
  };
}

function script(count: number): string {
  const pods = Array.from({ length: count }, (_, index) => index);
  const node = [
    "link set lo up",
    `addr add ${nodeAddress}/32 dev lo`,
    `addr add ${untoldAddress}/128 dev lo nodad`,
    ...pods.flatMap((index) => nodeEnd(linkOf(index), [nodeAddress, untoldAddress])),
  ];
  return `
mount -t tmpfs tmpfs /run
mkdir /run/netns
${pods.map((index) => `ip netns add ${namespaceOf(index)}`).join("\n")}
ip -batch - <<'BATCH'
${node.join("\n")}
BATCH
${pods.map((index) => inNamespace(namespaceOf(index), podEnd(addressesOf(index)))).join("\n")}`;
}

const linkOf = (index: number) => ({
  device: `v${index + 1}`,
  namespace: namespaceOf(index),
  mac: `02:00:00:00:00:${(index + 1).toString(16).padStart(2, "0")}`,
  addresses: addressesOf(index),
});

const namespaceOf = (index: number): string => `p${index + 1}`;

const addressesOf = (index: number): readonly [string, string] => [
  `10.244.0.${index + 1}`,
  `fd00:10:244::${index + 1}`,
];
