import { clusterNetwork } from "../../cluster-network.ts";
import { ipBatch } from "../system/ip.ts";
import { NetworkNamespace } from "../system/namespaces.ts";
import type { PodAddresses } from "./pod-addresses.ts";

/** A pod's network namespace and the veth pair that joins it to the node. */
export interface PodLink {
  readonly network: NetworkNamespace;
  /** Name of the node's end. Never used twice in the life of a sandbox. */
  readonly device: string;
  readonly addresses: PodAddresses;
}

const { gateway, nodeAddresses } = clusterNetwork;
const doomedGroup = 77;

/**
 * Makes and removes pods' links. Requests that arrive while the previous ones are carried out share one batch of ip(8)
 * commands: a process per command would cost ten times as much.
 */
export class PodNetwork {
  readonly #ipv6: boolean;
  #serial = 0;
  #adding: Request[] = [];
  #removing: Request[] = [];
  #working: Promise<void> | undefined;

  /** @param ipv6 Whether the machine has IPv6 at all. */
  constructor(ipv6: boolean) {
    this.#ipv6 = ipv6;
  }

  async add(addresses: PodAddresses): Promise<PodLink> {
    const link: PodLink = {
      network: NetworkNamespace.create(),
      device: `pod${++this.#serial}`,
      addresses,
    };
    await this.#request(this.#adding, link);
    return link;
  }

  /**
   * Removing what is partly gone is not an error. The connections of its addresses are the data plane's to cut, once its
   * rules know the pod no more.
   */
  remove(link: PodLink): Promise<void> {
    return this.#request(this.#removing, link);
  }

  #request(queue: Request[], link: PodLink): Promise<void> {
    return new Promise((resolve, reject) => {
      queue.push({ link, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    // Let every pod of the same event loop turn join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#adding.length > 0 || this.#removing.length > 0) {
      const removing = this.#removing;
      const adding = this.#adding;
      this.#removing = [];
      this.#adding = [];
      await this.#removeAll(removing);
      await this.#addAll(adding);
    }
    this.#working = undefined;
  }

  async #addAll(requests: readonly Request[]): Promise<void> {
    try {
      await this.#create(requests.map((request) => request.link));
      for (const request of requests) request.resolve();
    } catch (error) {
      await this.#destroy(requests.map((request) => request.link));
      // One bad apple must not spoil the batch: try each alone, and tell only those that fail.
      if (requests.length > 1) for (const request of requests) await this.#addAll([request]);
      else
        for (const { link, reject } of requests) {
          link.network.close();
          reject(error as Error);
        }
    }
  }

  async #removeAll(requests: readonly Request[]): Promise<void> {
    if (requests.length === 0) return;
    await this.#destroy(requests.map((request) => request.link));
    for (const { link, resolve } of requests) {
      link.network.close();
      resolve();
    }
  }

  async #create(links: readonly PodLink[]): Promise<void> {
    await ipBatch(links.map(createCommand));
    // Two at a time: each is a process, and mostly waits for the kernel's RTNL lock.
    const queue = [...links];
    const worker = async () => {
      for (let link = queue.shift(); link !== undefined; link = queue.shift())
        await ipBatch(this.#podCommands(link), link.network);
    };
    await Promise.all([worker(), worker()]);
    await ipBatch(links.flatMap((link) => this.#nodeCommands(link)));
  }

  async #destroy(links: readonly PodLink[]): Promise<void> {
    if (links.length === 0) return;
    // By group: one wait for the kernel's grace period in place of one for each link.
    const marks = links.map((link) => `link set ${link.device} group ${doomedGroup}`);
    try {
      await ipBatch([...marks, `link del group ${doomedGroup}`]);
    } catch {
      for (const command of [...marks, `link del group ${doomedGroup}`])
        await ipBatch([command]).catch(() => {});
    }
  }

  #podCommands(link: PodLink): string[] {
    const { ipv4, ipv6 } = link.addresses;
    const commands = [
      "link set lo up",
      // No link-local address, and with it no chatter of router and neighbour discovery.
      ...(this.#ipv6 ? ["link set eth0 addrgenmode none"] : []),
      `addr add ${ipv4}/32 dev eth0`,
      "link set eth0 up",
      `route add ${gateway.ipv4} dev eth0 scope link`,
      `route add default via ${gateway.ipv4}`,
      `neigh replace ${gateway.ipv4} lladdr ${gateway.mac} dev eth0 nud permanent`,
    ];
    if (!this.#ipv6) return commands;
    return [
      ...commands,
      `addr add ${ipv6}/128 dev eth0 nodad`,
      `route add default via ${gateway.ipv6} dev eth0`,
      `neigh replace ${gateway.ipv6} lladdr ${gateway.mac} dev eth0 nud permanent`,
    ];
  }

  #nodeCommands(link: PodLink): string[] {
    const { ipv4, ipv6 } = link.addresses;
    const dev = link.device;
    const mac = podMac(link.addresses);
    const commands = [
      `link set ${dev} up`,
      `route add ${ipv4}/32 dev ${dev} src ${nodeAddresses[0]}`,
      `neigh replace ${ipv4} lladdr ${mac} dev ${dev} nud permanent`,
    ];
    if (!this.#ipv6) return commands;
    return [
      `link set ${dev} addrgenmode none`,
      ...commands,
      `route add ${ipv6}/128 dev ${dev} src ${nodeAddresses[1]}`,
      `neigh replace ${ipv6} lladdr ${mac} dev ${dev} nud permanent`,
    ];
  }
}

interface Request {
  readonly link: PodLink;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const podMac = ({ index }: PodAddresses): string =>
  `02:00:0a:f4:${(index >> 8).toString(16).padStart(2, "0")}:${(index & 0xff).toString(16).padStart(2, "0")}`;

function createCommand({ addresses, device, network }: PodLink): string {
  const peer = `peer name eth0 address ${podMac(addresses)} netns ${network.path}`;
  return `link add ${device} address ${gateway.mac} type veth ${peer}`;
}
