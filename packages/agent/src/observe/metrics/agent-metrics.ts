import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { type AgentEvent, type Condition, conditionTypes } from "../../agent-event.ts";
import type { PolicyInForce, PolicyState } from "../../in-force/policy-in-force.ts";
import type { EventStream } from "../http/event-stream.ts";
import type { Log } from "../log/log.ts";
import { seldom } from "../pace.ts";
import { type ConntrackUsage, conntrackUsage } from "./conntrack-usage.ts";
import { FlowMetrics } from "./flow-metrics.ts";
import { NftMetrics } from "./nft-metrics.ts";
import { ProgramMetrics } from "./program-metrics.ts";
import { countTelling } from "./telling-metrics.ts";
import { WatchMetrics } from "./watch-metrics.ts";

export interface AgentMetricsOptions {
  readonly version: string;
  /** What is wrong now, and whether the agent is ready. */
  readonly conditions: () => readonly Condition[];
  readonly ready: () => boolean;
  /** Whether there is a policy `namespace/name`. */
  readonly policyExists: (policy: string) => boolean;
  /** How every policy stands on this node; absent when nobody keeps that. */
  readonly policies?: () => readonly PolicyInForce[];
  readonly log: Pick<Log, "written" | "suppressed">;
  readonly stream: Pick<EventStream, "clients" | "left">;
  /** Of the kernel (default: from /proc). */
  readonly conntrack?: () => Promise<ConntrackUsage | undefined>;
  /** Whether to measure the process itself (default true). */
  readonly process?: boolean;
}

/** All metrics of an agent, in a registry of its own. docs/agent/metrics.md lists them; a test holds the two together. */
export class AgentMetrics {
  readonly registry = new Registry();
  readonly flows: FlowMetrics;
  readonly nft: NftMetrics;
  readonly #program: ProgramMetrics;
  readonly #watches: WatchMetrics;

  constructor(options: AgentMetricsOptions) {
    const { registry } = this;
    const registers = [registry];
    new Gauge({
      name: "portcullis_build_info",
      help: "Always 1; its label is the version of Portcullis.",
      labelNames: ["version"],
      registers,
    }).set({ version: options.version }, 1);
    this.#program = new ProgramMetrics(registry);
    this.#watches = new WatchMetrics(registry);
    this.nft = new NftMetrics(registry);
    this.flows = new FlowMetrics(registry, options.policyExists);
    gaugeConditions(registry, options.conditions);
    gaugePolicies(registry, options.policies ?? (() => []));
    new Gauge({
      name: "portcullis_ready",
      help: "Whether the agent is ready, as /readyz says.",
      registers,
      collect() {
        this.set(options.ready() ? 1 : 0);
      },
    });
    countTelling(registry, options);
    gaugeConntrack(registry, options.conntrack ?? conntrackUsage);
    // The lag of the event loop is sampled: ten times a second wakes an idle process seldom enough.
    if (options.process !== false)
      collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  }

  take(event: AgentEvent): void {
    this.#program.take(event);
    this.#watches.take(event);
  }
}

/** A series that is there from the beginning can be alerted on. */
const policyStates: readonly PolicyState[] = [
  "InForce",
  "Pending",
  "NothingToDo",
  "Staged",
  "Unreadable",
  "Failed",
];

function gaugeConditions(registry: Registry, active: () => readonly Condition[]): void {
  new Gauge({
    name: "portcullis_condition",
    help: "1 while the condition is true, which is when something is wrong; docs/agent/troubleshooting.md has them all.",
    labelNames: ["type"],
    registers: [registry],
    collect() {
      const types = new Set<string>(active().map(({ type }) => type));
      for (const type of Object.keys(conditionTypes)) this.set({ type }, types.has(type) ? 1 : 0);
    },
  });
}

function gaugePolicies(registry: Registry, policies: () => readonly PolicyInForce[]): void {
  const counts = seldom(() => {
    const byState = new Map<PolicyState, number>(policyStates.map((state) => [state, 0]));
    for (const { state } of policies()) byState.set(state, byState.get(state)! + 1);
    return byState;
  });
  new Gauge({
    name: "portcullis_policies",
    help: "Policies of the cluster by how they stand on this node: InForce, Pending, NothingToDo, Staged, Unreadable, Failed.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, count] of counts()) this.set({ state }, count);
    },
  });
}

function gaugeConntrack(registry: Registry, usage: () => Promise<ConntrackUsage | undefined>): void {
  const gauge = (name: string, help: string, field: keyof ConntrackUsage) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const found = await usage();
        if (found === undefined) this.remove();
        else this.set(found[field]);
      },
    });
  gauge(
    "portcullis_conntrack_entries",
    "Connections that the kernel tracks, of everybody on the node; absent where it does not say.",
    "entries",
  );
  gauge(
    "portcullis_conntrack_entries_limit",
    "The most connections that the kernel would track; absent where it does not say.",
    "limit",
  );
}
