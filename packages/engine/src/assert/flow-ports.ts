import type { Cluster } from "../cluster/cluster.ts";
import type { Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { PortSet } from "../net/port-set.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import type { End } from "./ends.ts";

/** What is allowed between two ends over one address family. */
export interface FlowPorts {
  readonly ports: PortSet;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** Rows of allowed ports that are kept; each has one entry for each class. */
const mostRows = 128;

/** At which ports one end may reach another: for pods of two families, over each of both. */
export class FlowTable {
  readonly #cluster: Cluster;
  readonly #reach: Reachability;
  /** Without an ipBlock, or without a pod of two families, the family of an address changes nothing. */
  readonly #familiesMatter: boolean;
  readonly #rows = new Map<number, readonly PortSet[]>();

  constructor(cluster: Cluster, reach: Reachability) {
    this.#cluster = cluster;
    this.#reach = reach;
    const hasBlocks = cluster
      .policies()
      .some(({ ingress, egress }) =>
        [...ingress, ...egress].some(({ peers }) => peers.some(({ kind }) => kind === "ipBlock")),
      );
    this.#familiesMatter = hasBlocks && cluster.pods().some(({ addresses }) => addresses.length > 1);
  }

  /** What is allowed, where that does not depend on the family and can be told without asking about these two. */
  single(source: End, destination: End): PortSet | undefined {
    if (source.class === undefined || destination.class === undefined) return undefined;
    if (this.#familiesMatter && hasTwo(source) && hasTwo(destination)) return undefined;
    return this.#row(destination.class)[source.class.index];
  }

  /** One entry, or one for each family that both pods have. */
  between(source: End, destination: End): readonly FlowPorts[] {
    const ports = this.single(source, destination);
    if (ports !== undefined) return [{ ports, source: source.endpoint, destination: destination.endpoint }];
    const families = this.#familiesMatter ? this.#commonFamilies(source, destination) : [];
    if (families.length > 1)
      return families.map(([from, to]) =>
        this.#asked({ pod: source.pod!, address: from }, { pod: destination.pod!, address: to }),
      );
    if (source.class === undefined || destination.class === undefined)
      return [this.#asked(source.endpoint, destination.endpoint)];
    const one = this.#row(destination.class)[source.class.index]!;
    return [{ ports: one, source: source.endpoint, destination: destination.endpoint }];
  }

  #asked(source: Endpoint, destination: Endpoint): FlowPorts {
    return { ports: this.#cluster.allowedPorts(source, destination), source, destination };
  }

  #row(destination: PeerClass): readonly PortSet[] {
    let row = this.#rows.get(destination.index);
    if (row === undefined) {
      row = this.#reach.portsFrom(destination);
      if (this.#rows.size >= mostRows) this.#rows.clear();
      this.#rows.set(destination.index, row);
    }
    return row;
  }

  /** Addresses of both, by family; none for an end that is no pod, or that is asked about at one address. */
  #commonFamilies(source: End, destination: End): (readonly [Address, Address])[] {
    if (source.pod === undefined || destination.pod === undefined) return [];
    if (source.endpoint.address !== undefined || destination.endpoint.address !== undefined) return [];
    const own = this.#addresses(source.pod);
    const theirs = this.#addresses(destination.pod);
    return own.flatMap((from) => {
      const to = theirs.find(({ family }) => family === from.family);
      return to === undefined ? [] : [[from, to] as const];
    });
  }

  /** Those that the pod owns: of two pods that claim an address, one does. */
  #addresses({ namespace, name, hostNetwork, addresses }: Pod): readonly Address[] {
    if (hostNetwork) return addresses;
    return addresses.filter((address) => {
      const owner = this.#cluster.podByAddress(address);
      return owner?.namespace === namespace && owner.name === name;
    });
  }
}

const hasTwo = ({ pod }: End): boolean => pod !== undefined && pod.addresses.length > 1;
