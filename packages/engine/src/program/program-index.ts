import type { FlowProtocol } from "../model/protocol.ts";
import type { Address } from "../net/address.ts";
import type { AddressList } from "../net/address-list.ts";
import type { Cidr } from "../net/cidr.ts";
import type { EndpointSet, LocalPod, PolicyChain, Program, ProgramRule } from "./program.ts";

/** A packet's first look: after Service DNAT, before SNAT. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: FlowProtocol;
  /** Destination port; 0 for ICMP. */
  readonly port: number;
}

/** Lookups over one Program, for judging many packets. */
export class ProgramIndex {
  readonly #pods = new Map<string, LocalPod>();
  readonly #chains = new Map<string, PolicyChain>();
  readonly #addressSets = new Map<string, AddressList>();
  readonly #endpointSets = new Map<string, EndpointSet>();
  /** Made when they are first asked for. */
  readonly #endpointKeys = new Map<string, ReadonlySet<string>>();

  constructor(program: Program) {
    for (const pod of program.pods) for (const { text } of pod.addresses) this.#pods.set(text, pod);
    for (const chain of program.chains) this.#chains.set(chain.id, chain);
    for (const set of program.addressSets) this.#addressSets.set(set.id, set.addresses);
    for (const set of program.endpointSets) this.#endpointSets.set(set.id, set);
  }

  podAt(address: Address): LocalPod | undefined {
    return this.#pods.get(address.text);
  }

  /** Does a rule of the chain match? `other` is the address of the side that the chain does not belong to. */
  chainMatches(id: string, packet: Packet, other: Address): boolean {
    const chain = this.#chains.get(id);
    if (chain === undefined) throw new Error(`the program names a chain that it does not have: ${id}`);
    return chain.rules.some((rule) => this.#ruleMatches(rule, packet, other));
  }

  #ruleMatches({ peers, ports, endpoints }: ProgramRule, packet: Packet, other: Address): boolean {
    if (portsMatch(ports, packet) && this.#peersMatch(peers, other)) return true;
    if (endpoints === undefined) return false;
    return this.#endpointsOf(endpoints).has(endpointKey(packet.destination, packet.protocol, packet.port));
  }

  #endpointsOf(id: string): ReadonlySet<string> {
    let keys = this.#endpointKeys.get(id);
    if (keys === undefined) {
      const all = this.#endpointSets.get(id)?.endpoints ?? [];
      keys = new Set(all.map(({ address, protocol, port }) => endpointKey(address, protocol, port)));
      this.#endpointKeys.set(id, keys);
    }
    return keys;
  }

  #peersMatch(peers: ProgramRule["peers"], other: Address): boolean {
    if (peers === "any") return true;
    const set = peers.addressSet === undefined ? undefined : this.#addressSets.get(peers.addressSet);
    return set?.has(other) === true || inSorted(peers.cidrs, other);
  }
}

const endpointKey = (address: Address, protocol: FlowProtocol, port: number): string =>
  `${address.text} ${protocol} ${port}`;

function portsMatch(ports: ProgramRule["ports"], { protocol, port }: Packet): boolean {
  return (
    ports === "any" ||
    ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to)
  );
}

/** Binary search: the prefixes are disjoint and sorted, IPv4 first. */
function inSorted(cidrs: readonly Cidr[], { family, value }: Address): boolean {
  let low = 0;
  let high = cidrs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const cidr = cidrs[middle]!;
    if (cidr.family < family || (cidr.family === family && cidr.last < value)) low = middle + 1;
    else high = middle;
  }
  const found = cidrs[low];
  return found !== undefined && found.family === family && found.first <= value;
}
