import { createServer, type Server } from "node:http";
import { type ListenAddress, listen } from "./listen.ts";
import { ClusterIps } from "./registry/cluster-ips.ts";
import { resourceDefs } from "./registry/kinds/index.ts";
import { permanentNamespaces } from "./registry/kinds/namespaces.ts";
import { Registry } from "./registry/registry.ts";
import { handleRequest } from "./rest/rest-handler.ts";
import { Store } from "./store/store.ts";

export interface ApiServerOptions {
  readonly clusterCidrs: {
    /** Service addresses, one CIDR or one of each family; the first is the primary. */
    readonly services: readonly string[];
  };
  /** The time, for creationTimestamp. */
  readonly clock?: () => Date;
  /** How many changes of each kind can be watched from the past, at least (default 4,096). */
  readonly history?: number;
  /** How often a watch that asked for bookmarks gets one, in milliseconds (default 60,000). */
  readonly bookmarkEveryMs?: number;
}

/** Long command lines of exec travel in the URL: Node's 16 KiB for all headers is too little for kubectl. */
const maxHeaderSize = 1024 * 1024;

/** Longer than clients keep idle connections, so that it is not the server that closes one as it is used. */
const keepAliveTimeoutMs = 120_000;

/** A small Kubernetes API in memory. The namespaces `default` and `kube-system` exist from the start. */
export class ApiServer {
  readonly store: Store;
  /** The API's verbs without HTTP, for what runs in the same process. */
  readonly registry: Registry;
  readonly #server: Server;

  /** Throws RangeError for Service ranges that cannot be used. */
  constructor(options: ApiServerOptions) {
    const { clock, history, bookmarkEveryMs = 60_000 } = options;
    this.store = new Store(history === undefined ? {} : { history });
    const defs = resourceDefs(new ClusterIps(options.clusterCidrs.services));
    this.registry = new Registry({ store: this.store, defs, ...(clock === undefined ? {} : { clock }) });
    const namespaces = this.registry.find("", "v1", "namespaces")!;
    for (const name of permanentNamespaces) {
      this.registry.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    this.#server = createServer(
      { maxHeaderSize, keepAliveTimeout: keepAliveTimeoutMs },
      (request, response) => {
        void handleRequest(request, response, { registry: this.registry, bookmarkEveryMs });
      },
    );
  }

  /** Serves HTTP; gives the address, with the real port when 0 was asked. Throws when it cannot listen there. */
  listen(address: ListenAddress): Promise<ListenAddress> {
    return listen(this.#server, address);
  }

  /** Ends all watches and connections and removes the socket file. Harmless when it does not listen. */
  async close(): Promise<void> {
    this.store.close();
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    // Watches end in the next turn of the loop; whoever is in the middle of a request then is cut off.
    setImmediate(() => this.#server.closeAllConnections());
    await closed;
  }
}
