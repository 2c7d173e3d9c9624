import type { AgentEvent, AgentListener } from "../agent-event.ts";
import type { Conditions } from "../conditions.ts";
import type { PolicyInForce } from "../in-force/policy-in-force.ts";
import { AgentState } from "./agent-state.ts";
import { type FlowOptions, FlowReport, type ObservedAgent } from "./flows/flow-report.ts";
import { EventStream, type EventStreamOptions } from "./http/event-stream.ts";
import { guardHost } from "./http/guard-host.ts";
import { HttpServer, type HttpServerOptions, type ListenAddress } from "./http/http-server.ts";
import { apiRoutes, probeRoutes, type RouteSources } from "./http/routes.ts";
import { greeting, streamEventOf } from "./http/stream-event.ts";
import { agentEventLog } from "./log/agent-event-log.ts";
import type { Log } from "./log/log.ts";
import { AgentMetrics, type AgentMetricsOptions } from "./metrics/agent-metrics.ts";
import type { WatchedNft } from "./watched-nft.ts";

export interface ObservabilityOptions extends FlowOptions {
  readonly nodeName: string;
  /** Of Portcullis. */
  readonly version: string;
  readonly conditions: Pick<Conditions, "active" | "ready">;
  readonly log: Log;
  /** The nft that the agent is given, so that its calls are counted and /healthz can tell whether it is stuck. */
  readonly nft?: WatchedNft;
  /** Where everything is served (default 127.0.0.1:9753); false serves nothing. */
  readonly api?: ListenAddress | false;
  /** Where probes and metrics alone are served as well, for who cannot reach the former (default nowhere). */
  readonly probes?: ListenAddress;
  /** How every policy stands on this node; absent when nobody keeps that. */
  readonly policies?: () => readonly PolicyInForce[];
  readonly stream?: Omit<EventStreamOptions, "greeting" | "onClient">;
  readonly metrics?: Pick<AgentMetricsOptions, "conntrack" | "process">;
  /** Milliseconds since the epoch (default Date.now). */
  readonly now?: () => number;
}

/** What a storm kept out of the log is told every ten seconds. */
const logFlushMs = 10_000;
const defaultApi: ListenAddress = { host: "127.0.0.1", port: 9753 };

/**
 * Makes an agent observable: its metrics, its log, its probes, its stream of events, and its drops with names. Begins
 * before the agent does, so that what keeps it from beginning can be asked for.
 */
export class Observability {
  /** Takes the agent's events. */
  readonly listener: AgentListener = (event) => this.#take(event);
  readonly #options: ObservabilityOptions;
  readonly #state: AgentState;
  readonly #metrics: AgentMetrics;
  readonly #logEvent: AgentListener;
  readonly #stream: EventStream;
  readonly #servers: HttpServer[] = [];
  #flows: FlowReport | undefined;
  #flushTimer: NodeJS.Timeout | undefined;

  constructor(options: ObservabilityOptions) {
    const { version, conditions, log, nft } = options;
    this.#options = options;
    const state = new AgentState(conditions);
    this.#state = state;
    this.#logEvent = agentEventLog(log, () => state.changed);
    this.#stream = new EventStream({
      ...options.stream,
      greeting: () => greeting(state),
      onClient: () => this.#flows?.hurry(),
    });
    this.#metrics = new AgentMetrics({
      ...options.metrics,
      version,
      conditions: () => conditions.active(),
      ready: () => state.ready,
      ...(options.policies && { policies: options.policies }),
      policyExists: (key) => this.#flows?.policyExists(key) ?? false,
      log,
      stream: this.#stream,
    });
    if (nft !== undefined) nft.onCall = (end) => this.#metrics.nft.take(end);
  }

  /**
   * Serves. Gives the addresses, `127.0.0.1:9753`, of the API first.
   * @throws when one cannot be listened on; nothing is served then.
   */
  async start(): Promise<readonly string[]> {
    const { api = defaultApi, probes, log } = this.#options;
    const sources = this.#sources();
    const addresses: string[] = [];
    try {
      if (api !== false) {
        addresses.push(await this.#listen(api, { routes: apiRoutes(sources), guard: guardHost }));
      }
      if (probes !== undefined) addresses.push(await this.#listen(probes, { routes: probeRoutes(sources) }));
    } catch (error) {
      await this.#closeServers();
      throw error;
    }
    this.#flushTimer = setInterval(() => log.flush(), logFlushMs).unref();
    return addresses;
  }

  /** Looks at the agent's drops and flows from now on. */
  watch(agent: ObservedAgent): void {
    if (this.#flows !== undefined) throw new Error("an agent is watched already");
    const { log, now = Date.now } = this.#options;
    const metrics = this.#metrics.flows;
    this.#flows = new FlowReport({ ...this.#options, agent, log, metrics, stream: this.#stream, now });
    this.#flows.start();
  }

  /** Looks at drops and flows now, besides their turn. */
  async look(): Promise<void> {
    await this.#flows?.look();
  }

  /** Tells what is still to tell of drops and flows, and looks no more. */
  async endFlows(): Promise<void> {
    await this.#flows?.close();
  }

  /** Tells what is still to tell, and ends all connections. */
  async close(): Promise<void> {
    clearInterval(this.#flushTimer);
    await this.endFlows();
    this.#stream.close();
    await this.#closeServers();
    this.#options.log.flush();
  }

  #take(event: AgentEvent): void {
    this.#state.take(event);
    this.#metrics.take(event);
    this.#flows?.take(event);
    this.#logEvent(event);
    const told = streamEventOf(event, this.#state);
    if (told !== undefined) this.#stream.publish(told);
  }

  #sources(): RouteSources {
    const { nodeName, version, nft, policies = () => [] } = this.#options;
    return {
      policies,
      nodeName,
      version,
      state: this.#state,
      registry: this.#metrics.registry,
      stream: this.#stream,
      nftOwesMs: () => nft?.owedMs ?? 0,
      recent: async (what) => {
        await this.#flows?.fresh();
        return this.#flows?.recent(what) ?? [];
      },
    };
  }

  async #listen(address: ListenAddress, options: HttpServerOptions): Promise<string> {
    const server = new HttpServer(options);
    this.#servers.push(server);
    const bound = await server.listen(address);
    this.#options.log.log("listening", { address: bound, serves: [...options.routes.keys()] });
    return bound;
  }

  async #closeServers(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
  }
}
