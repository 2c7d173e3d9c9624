import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { clusterNetwork } from "../cluster-network.ts";
import { hasIpv6 } from "../ipv6.ts";
import { hideFromContainers } from "./container/root/hidden.ts";
import { ipBatch } from "./system/ip.ts";
import { mount, mountFlags, type SystemCallError, setReadOnly } from "./system/libc.ts";

/** Where the state directory appears inside. */
export const stateInside = "/run/portcullis";

/**
 * Makes the new mount and network namespaces fit to be a node: the host's files read-only, a /run of our own with the
 * state directory in it, loopback, the node's addresses, and no forwarding yet.
 * @param stateDirectory On the host; holds an empty directory `mount`.
 */
export async function prepareNode(stateDirectory: string): Promise<void> {
  protectHost();
  mountRun(stateDirectory);
  setSysctls();
  await ipBatch(networkCommands());
}

/** Pods run programs of the host as the user who started the sandbox; they must not change that user's files. */
function protectHost(): void {
  try {
    setReadOnly("/", true, "recursive");
    setReadOnly("/proc", false, "alone");
  } catch (error) {
    if ((error as SystemCallError).code !== "ENOSYS") throw error;
  }
}

/** The state directory may be below /run itself, so the new /run is put together next to it and moved into place. */
function mountRun(stateDirectory: string): void {
  const building = `${stateDirectory}/mount`;
  mount("portcullis", building, "tmpfs", 0, "mode=755");
  for (const directory of ["portcullis", "shared", "containers", "pods"])
    mkdirSync(`${building}/${directory}`);
  mount(stateDirectory, `${building}/portcullis`, null, mountFlags.bind);
  setReadOnly(`${building}/portcullis`, false, "alone");
  mount(building, "/run", null, mountFlags.move);
  // Who has the kubeconfig or the API's socket may do everything, also of another sandbox: theirs are beside ours.
  hideFromContainers(dirname(stateDirectory));
}

function setSysctls(): void {
  const set = (name: string, value: string) => writeFileSync(`/proc/sys/net/${name}`, value);
  for (const interfaces of ["all", "default"]) {
    set(`ipv4/conf/${interfaces}/rp_filter`, "0");
    set(`ipv4/conf/${interfaces}/send_redirects`, "0");
  }
}

function networkCommands(): string[] {
  const { nodeAddresses, serviceCidrs } = clusterNetwork;
  const commands = [
    "link set lo up",
    `addr add ${nodeAddresses[0]}/32 dev lo`,
    // So that the node's own packets to a Service have a route, until the output hook gives them a destination.
    `route add ${serviceCidrs[0]} dev lo src ${nodeAddresses[0]}`,
  ];
  if (!hasIpv6()) return commands;
  return [
    ...commands,
    `addr add ${nodeAddresses[1]}/128 dev lo nodad`,
    `route add ${serviceCidrs[1]} dev lo src ${nodeAddresses[1]}`,
  ];
}

/** Lets packets pass between pods. Called once the rules that judge them are in the kernel. */
export function startForwarding(): void {
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  if (hasIpv6()) writeFileSync("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}
