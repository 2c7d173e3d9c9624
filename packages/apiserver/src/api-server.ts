import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { AccessControl, type AccessOptions } from "./auth/access-control.ts";
import { admit } from "./auth/admit.ts";
import { AuditLog } from "./auth/audit-log.ts";
import { aggregateRoles } from "./auth/rbac/aggregate-roles.ts";
import { createDefaultRoles } from "./auth/rbac/create-defaults.ts";
import { type ListenAddress, listen } from "./listen.ts";
import { ClusterIps } from "./registry/cluster-ips.ts";
import { fieldTracker } from "./registry/field-tracker.ts";
import type { AccessDependencies } from "./registry/kinds/access/index.ts";
import { requestToken } from "./registry/kinds/access/token-request.ts";
import { resourceDefs } from "./registry/kinds/index.ts";
import { createStandardObjects } from "./registry/kinds/standard-objects.ts";
import { Registry } from "./registry/registry.ts";
import type { RestOptions } from "./rest/exchange.ts";
import { handleRequest } from "./rest/rest-handler.ts";
import { requireSchemas, Schemas } from "./schema/schemas.ts";
import { Journal, type JournalOptions } from "./store/journal.ts";
import { Store } from "./store/store.ts";
import { answerLog } from "./streams/log.ts";
import type { PodStreams } from "./streams/pod-streams.ts";
import { handleUpgrade } from "./streams/upgrade.ts";

export interface ApiServerOptions {
  readonly clusterCidrs: {
    /** Service addresses, one CIDR or one of each family; the first is the primary. */
    readonly services: readonly string[];
  };
  /** The time, for creationTimestamp. */
  readonly clock?: () => Date;
  /** How many changes of each kind can be watched from the past, at least (default 2,048). */
  readonly history?: number;
  /** How often a watch that asked for bookmarks gets one, in milliseconds (default 60,000). */
  readonly bookmarkEveryMs?: number;
  /** Where the objects outlive the server; they are in memory alone when absent. See `Journal` for what that promises. */
  readonly persistence?: JournalOptions;
  /** Who may come in over TLS. */
  readonly access?: AccessOptions;
  /** File that gets a line for each request (see `AuditLog`); none when absent. */
  readonly auditLog?: string;
  /** What exec, attach, port-forward and logs lead to; without it they are refused. */
  readonly streams?: PodStreams;
}

/** What a server shows, and whose client certificates it takes; all PEM. */
export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
  readonly clientCa: string;
}

/** Long command lines of exec travel in the URL: Node's 16 KiB for all headers is too little for kubectl. */
const maxHeaderSize = 1024 * 1024;

/** Longer than clients keep idle connections, so that it is not the server that closes one as it is used. */
const keepAliveTimeoutMs = 120_000;

const serverOptions = { maxHeaderSize, keepAliveTimeout: keepAliveTimeoutMs };

/** A small Kubernetes API. The namespaces that every cluster has exist from the start. */
export class ApiServer {
  readonly store: Store;
  /** The API's verbs without HTTP, for what runs in the same process. */
  readonly registry: Registry;
  readonly schemas = new Schemas();
  /** Who may do what. */
  readonly access: AccessControl;
  readonly #audit: AuditLog | undefined;
  readonly #servers = new Set<Server>();
  readonly #onRequest: RequestListener;
  readonly #onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Connections that speak another protocol by now: the HTTP servers know nothing of them. */
  readonly #upgraded = new Set<Duplex>();

  /** Throws RangeError for Service ranges that cannot be used; Error for a persistence that cannot, or without schemas. */
  constructor(options: ApiServerOptions) {
    requireSchemas();
    const { clock = () => new Date(), history, bookmarkEveryMs = 60_000 } = options;
    const journal = options.persistence === undefined ? undefined : new Journal(options.persistence);
    this.store = new Store({
      ...(history === undefined ? {} : { history }),
      ...(journal === undefined ? {} : { journal }),
    });
    this.access = new AccessControl(this.store, clock, options.access);
    const accessOfKinds: AccessDependencies = {
      authorizer: this.access.authorizer,
      authenticateToken: (...asked) => this.access.authenticateToken(...asked),
      clusterRolesChanged: () => aggregateRoles(this.registry),
    };
    const defs = resourceDefs(
      new ClusterIps(options.clusterCidrs.services),
      accessOfKinds,
      (resource, name, namespace) => this.store.get({ resource, name, namespace }),
      clock,
    );
    const { store, schemas } = this;
    this.registry = new Registry({ store, defs, clock, schemas, trackFields: fieldTracker(schemas) });
    this.registry.restore();
    createStandardObjects(this.registry);
    createDefaultRoles(this.registry);
    const { registry, access } = this;
    const { streams } = options;
    const rest: RestOptions = {
      registry,
      access,
      schemas,
      clock,
      bookmarkEveryMs,
      serviceAccountToken: (account, request) =>
        requestToken(request, account, { registry, tokens: access.serviceAccounts }),
      ...(streams === undefined
        ? {}
        : {
            dial: (address, port) => streams.dial(address, port),
            podLog: (exchange, pod) => answerLog(exchange, pod, streams),
          }),
    };
    const audit = options.auditLog === undefined ? undefined : new AuditLog(options.auditLog, clock);
    this.#audit = audit;
    this.#onRequest = (request, response) => {
      audit?.request(request, response);
      void handleRequest(request, response, rest);
    };
    this.#onUpgrade = (request, socket, head) => {
      audit?.upgrade(request, socket);
      this.#upgraded.add(socket);
      socket.once("close", () => this.#upgraded.delete(socket));
      void handleUpgrade(request, socket, head, {
        registry,
        clock,
        bookmarkEveryMs,
        streams,
        admit: () => void admit(request, access),
      });
    };
  }

  /**
   * Serves HTTP to the superuser: whoever can connect may do everything, so this is for a socket file, which only its
   * owner can open. Gives the address, with the real port when 0 was asked. Throws when it cannot listen there.
   */
  listen(address: ListenAddress): Promise<ListenAddress> {
    return listen(this.#serve(createServer(serverOptions)), address);
  }

  /** Serves HTTPS to those whom `access` knows by their token or client certificate; else as `listen`. */
  listenSecure(address: ListenAddress, { key, cert, clientCa }: TlsOptions): Promise<ListenAddress> {
    // A certificate is asked for and looked at, but not required: most clients have a token.
    const tls = { key, cert, ca: clientCa, requestCert: true, rejectUnauthorized: false };
    return listen(this.#serve(createSecureServer({ ...serverOptions, ...tls })), address);
  }

  #serve(server: Server): Server {
    server.on("request", this.#onRequest);
    server.on("upgrade", this.#onUpgrade);
    this.#servers.add(server);
    return server;
  }

  /** Ends all watches and connections, removes the socket files and closes the journal. Harmless a second time. */
  async close(): Promise<void> {
    this.store.close();
    this.access.close();
    for (const socket of this.#upgraded) socket.destroy();
    await Promise.all([...this.#servers].map(closeServer));
    await this.store.closeJournal();
    await this.#audit?.close();
  }
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Watches end in the next turn of the loop; whoever is in the middle of a request then is cut off.
  setImmediate(() => server.closeAllConnections());
  await closed;
}
