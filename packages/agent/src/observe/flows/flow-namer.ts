import {
  type Address,
  type Cluster,
  type Endpoint,
  type FlowEnd,
  type FlowPod,
  type Pod,
  parseAddress,
} from "@portcullis/engine";
import type { DepartedPods } from "./departed-pods.ts";

/** One side of a flow: with its names, and as the engine takes it. */
export interface NamedEnd {
  readonly end: FlowEnd;
  readonly endpoint: Endpoint;
}

/** Finds whose an address is, and whose it was between two moments. */
export class FlowNamer {
  readonly #cluster: Cluster;
  readonly #departed: DepartedPods;

  constructor(cluster: Cluster, departed: DepartedPods) {
    this.#cluster = cluster;
    this.#departed = departed;
  }

  /**
   * The pod that has the address now; else the one that left it last in this interval. Others that had it within the
   * interval are told too. When nobody had it within, the last that did: packets to where a pod used to be.
   */
  name(text: string, fromMs: number, toMs: number): NamedEnd {
    const address = parseAddress(text);
    // The kernel's own listing; a form that we cannot read is told as it stands.
    if (address === undefined) return { end: { address: text }, endpoint: {} };
    const present = this.#cluster.podByAddress(address);
    const departed = this.#departed.at(address, toMs);
    const within = departed.filter(({ atMs }) => atMs >= fromMs).map(({ pod }) => pod);
    const pod = present ?? within[0];
    const before = pod === undefined ? departed.slice(0, 1).map((each) => each.pod) : within;
    const formerly = before.filter((each) => pod === undefined || !samePod(each, pod));
    const node = pod === undefined ? this.#cluster.nodeByAddress(address) : undefined;
    return {
      end: {
        address: address.text,
        ...(pod && { pod: flowPod(pod) }),
        ...(formerly.length > 0 && { formerly: formerly.map(flowPod) }),
        ...(node && { node: node.name }),
      },
      endpoint: endpoint(address, present === undefined ? pod : undefined),
    };
  }
}

/** A pod that has left is not found by its address, so it is given. */
const endpoint = (address: Address, departed: Pod | undefined): Endpoint =>
  departed === undefined ? { address } : { pod: departed, address };

const samePod = (a: Pod, b: Pod): boolean => a.namespace === b.namespace && a.name === b.name;

function flowPod({ namespace, name, owner }: Pod): FlowPod {
  return { namespace, name, ...(owner && { workload: `${owner.kind}/${owner.name}` }) };
}
