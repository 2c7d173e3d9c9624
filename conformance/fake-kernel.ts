import { type Connection, Dataplane } from "@portcullis/dataplane";
import type { Cluster, Flow } from "@portcullis/engine";
import { FakeNft, type Transaction } from "@portcullis/nft";

/** The generated ruleset, evaluated in memory: one node that has every pod of the cluster. */
export class FakeKernel {
  readonly nft: FakeNft;
  readonly dataplane: Dataplane;
  /** What the conntrack table holds; the data plane takes out what it cuts. */
  connections: Connection[] = [];

  /** @param afterEach called whenever a transaction has been committed. */
  constructor(afterEach: (transaction: Transaction) => void = () => {}) {
    this.nft = new (class extends FakeNft {
      override async run(transaction: Transaction): Promise<void> {
        await super.run(transaction);
        afterEach(transaction);
      }
    })();
    this.dataplane = new Dataplane({
      nft: this.nft,
      connections: {
        list: async () => this.connections,
        cut: async (denied) => {
          this.connections = this.connections.filter((connection) => !denied.includes(connection));
        },
      },
      podCidrs: [],
    });
  }

  enforce(cluster: Cluster): Promise<unknown> {
    return this.dataplane.apply(cluster.program(() => true));
  }

  /** Whether the first packet of a flow between two addresses passes, through the node or to it. */
  passes({ source, destination, protocol, port }: Flow, path: "forward" | "input" = "forward"): boolean {
    const [from, to] = [source.address, destination.address];
    if (from === undefined || to === undefined) throw new Error("a packet needs two addresses");
    const ports = protocol === "ICMP" ? {} : { sport: 40_000, dport: port };
    const { verdict } = this.nft.evaluate({
      family: from.family === 4 ? "ip" : "ip6",
      saddr: from.text,
      daddr: to.text,
      protocol: protocol === "ICMP" ? (from.family === 4 ? "icmp" : "icmpv6") : transports[protocol],
      ...ports,
      ctState: "new",
      path,
    });
    return verdict === "accept";
  }
}

const transports = { TCP: "tcp", UDP: "udp", SCTP: "sctp" } as const;
