import { setTimeout as wait } from "node:timers/promises";
import { type FlowRecord, readFlowLine, verdictJson } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import type { Live, ObservedFlow, PolicyInForce, ServedEvent } from "@portcullis/ui/server-api";
import { AgentApi } from "../../flows/agent-api.ts";
import { recentFlows } from "../../flows/recent-flows.ts";
import { ApiProblem } from "../ui-server.ts";
import { EventHub } from "./event-hub.ts";
import { policiesInForce } from "./in-force.ts";
import { KeptFlows } from "./kept-flows.ts";
import { predictRecord } from "./predict.ts";
import { type Trouble, WatchedCluster } from "./watched-cluster.ts";

/** What is told at once is gathered for so long, in milliseconds. */
const gatherMs = 250;
/** How often policies are looked at that are not in force yet, and how long an agent that is away is waited for. */
const againMs = 1_000;

/** A cluster that runs, as its pages follow it. */
export class LiveSource {
  readonly watched: WatchedCluster;
  readonly hub: EventHub;
  readonly live: Live;
  readonly #client: KubeClient;
  readonly #agents: readonly AgentApi[];
  readonly #kept = new KeptFlows();
  readonly #abort = new AbortController();
  /** Agents that do not answer, and why. */
  readonly #away = new Map<string, string>();
  #trouble: (Trouble & { readonly since: string }) | undefined;
  /** Undefined before they were looked at. */
  #policies: readonly PolicyInForce[] | undefined;
  #gathering: NodeJS.Timeout | undefined;

  /** @param agents whose verdicts are told, besides those of the sandbox's own. */
  constructor(client: KubeClient, sandbox: SandboxHandle | undefined, agents: readonly AgentApi[] = []) {
    this.#client = client;
    const isSandbox = sandbox !== undefined;
    this.live = {
      kind: isSandbox ? "sandbox" : "cluster",
      probes: isSandbox,
      applies: isSandbox,
      records: isSandbox || agents.length > 0,
    };
    this.hub = new EventHub(() => this.#greeting());
    this.watched = new WatchedCluster(client, {
      onChange: () => this.#changed(),
      onTrouble: (trouble) => this.#tellTrouble(trouble),
    });
    const own = sandbox && new AgentApi({ socketPath: sandbox.info.agentSocket }, "the sandbox's agent");
    this.#agents = own === undefined ? agents : [own, ...agents];
    // A cluster without any object tells of no change.
    void this.#lookAtPolicies();
    // The watches tell when the sandbox is gone.
    if (own !== undefined) void this.#followFlows(own, () => {});
    for (const agent of agents) void this.#followFlows(agent, (trouble) => this.#tellAgent(agent, trouble));
  }

  close(): void {
    this.#abort.abort();
    clearTimeout(this.#gathering);
    this.watched.stop();
    this.hub.close();
  }

  /**
   * What agents recorded lately; of one that is away, what it told before.
   *
   * @throws ApiProblem 503 when none of them answers.
   */
  async recordedFlows(): Promise<readonly FlowRecord[]> {
    const asked = await Promise.allSettled(this.#agents.map((agent) => recentFlows(agent)));
    const told = asked.filter((each) => each.status === "fulfilled");
    const [away] = asked.filter((each) => each.status === "rejected");
    if (told.length === 0)
      throw new ApiProblem(503, away === undefined ? "no agent is known" : String(away.reason.message));
    for (const { value } of told) this.#kept.take(value, Date.now());
    return this.#kept.list(Date.now());
  }

  #greeting(): readonly ServedEvent[] {
    const policies = this.#policies;
    return [this.#connection(), ...(policies === undefined ? [] : [{ type: "in-force", policies } as const])];
  }

  #connection(): ServedEvent {
    if (this.#trouble !== undefined) return this.#trouble;
    const at = new Date().toISOString();
    const [away] = this.#away.values();
    return away === undefined ? { type: "connected", at } : { type: "stale", since: at, reason: away };
  }

  #changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.hub.publish({ type: "world" });
      void this.#lookAtPolicies();
    }, gatherMs);
  }

  async #lookAtPolicies(): Promise<void> {
    let policies: readonly PolicyInForce[];
    try {
      policies = await policiesInForce(this.#client);
    } catch {
      // The watches tell what is wrong with the API.
      return;
    }
    if (this.#abort.signal.aborted) return;
    this.#policies = policies;
    this.hub.publish({ type: "in-force", policies });
    if (policies.some(({ state }) => state === "pending")) {
      await sleep(againMs, this.#abort.signal);
      this.#changed();
    }
  }

  #tellTrouble(trouble: Trouble | undefined): void {
    if (trouble?.type === this.#trouble?.type && trouble?.reason === this.#trouble?.reason) return;
    const since = this.#trouble?.since ?? new Date().toISOString();
    this.#trouble = trouble && { ...trouble, since };
    this.hub.publish(this.#greeting()[0]!);
  }

  async #followFlows(agent: AgentApi, tell: (trouble: string | undefined) => void): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      // The agent looks more often while it is followed: not for nobody.
      if (this.hub.isFollowed) {
        const left = AbortSignal.any([signal, this.hub.left()]);
        try {
          await agent.get("/v1/status");
          tell(undefined);
          for await (const { type, data } of agent.events("/v1/events?type=drop,flow", left)) {
            if (type === "drop" || type === "flow") this.#tellFlow(data);
          }
        } catch (error) {
          if (!left.aborted) tell(error instanceof Error ? error.message : String(error));
        }
      }
      await sleep(againMs, signal);
    }
  }

  /** An agent that is away leaves a hole in what is told, which has to be said. */
  #tellAgent({ where }: AgentApi, reason: string | undefined): void {
    if (this.#away.get(where) === reason) return;
    if (reason === undefined) this.#away.delete(where);
    else this.#away.set(where, reason);
    this.hub.publish(this.#greeting()[0]!);
  }

  #tellFlow(data: unknown): void {
    const read = readFlowLine(JSON.stringify(data));
    if ("record" in read) this.hub.publish({ type: "flows", flows: [this.#observed(read.record)] });
  }

  #observed(record: FlowRecord): ObservedFlow {
    const verdict = predictRecord(this.watched.cluster, record);
    return { record, ...(verdict !== undefined && { prediction: verdictJson(verdict) }) };
  }
}

/** Resolves early when the signal aborts; leaves no listener on it. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
