import {
  type Cluster,
  type DeniedBy,
  type Direction,
  deniedBy,
  type Endpoint,
  type FlowProtocol,
  flowProtocol,
} from "@portcullis/engine";

export interface AskedDenial {
  readonly direction: Direction;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: FlowProtocol | string;
  readonly port: number;
}

/** Why a flow is denied, in the engine's words. Asked again about the same flow, it answers from memory until anything changes. */
export class DenialExplainer {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, DeniedBy>();
  readonly #most: number;
  #revision = -1;

  /** Remembers so many answers at most (default 4,096). */
  constructor(cluster: Cluster, most = 4_096) {
    this.#cluster = cluster;
    this.#most = most;
  }

  explain(asked: AskedDenial): DeniedBy {
    // In a cluster at rest, a scan of ports would be remembered for ever.
    if (this.#cluster.revision !== this.#revision || this.#known.size >= this.#most) {
      this.#known.clear();
      this.#revision = this.#cluster.revision;
    }
    const { direction, source, destination, protocol, port } = asked;
    const key = `${direction} ${endKey(source)} ${endKey(destination)} ${protocol} ${port}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asSeen = flowProtocol(protocol);
    const verdict = this.#cluster.evaluate({
      source,
      destination,
      protocol: asSeen,
      port: asSeen === "ICMP" ? 0 : port,
    });
    const answer = deniedBy(direction === "Ingress" ? verdict.ingress : verdict.egress);
    this.#known.set(key, answer);
    return answer;
  }
}

const endKey = ({ pod, address }: Endpoint): string =>
  pod === undefined ? (address?.text ?? "") : `${address?.text}=${pod.namespace}/${pod.name}`;
