import { setTimeout as wait } from "node:timers/promises";
import { type FlowRecord, readFlowLine, verdictJson } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import type { Live, ObservedFlow, PolicyInForce, ServedEvent } from "@portcullis/ui/server-api";
import { AgentApi } from "../../flows/agent-api.ts";
import { EventHub } from "./event-hub.ts";
import { policiesInForce } from "./in-force.ts";
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
  readonly #abort = new AbortController();
  #trouble: (Trouble & { readonly since: string }) | undefined;
  #policies: readonly PolicyInForce[] = [];
  #gathering: NodeJS.Timeout | undefined;

  constructor(client: KubeClient, sandbox: SandboxHandle | undefined) {
    this.#client = client;
    const isSandbox = sandbox !== undefined;
    this.live = { kind: isSandbox ? "sandbox" : "cluster", probes: isSandbox, applies: isSandbox };
    this.hub = new EventHub(() => this.#greeting());
    this.watched = new WatchedCluster(client, {
      onChange: () => this.#changed(),
      onTrouble: (trouble) => this.#tellTrouble(trouble),
    });
    if (sandbox !== undefined) void this.#followFlows(sandbox.info.agentSocket);
  }

  close(): void {
    this.#abort.abort();
    clearTimeout(this.#gathering);
    this.watched.stop();
    this.hub.close();
  }

  #greeting(): readonly ServedEvent[] {
    const first: ServedEvent =
      this.#trouble === undefined ? { type: "connected", at: new Date().toISOString() } : this.#trouble;
    return [first, { type: "in-force", policies: this.#policies }];
  }

  #changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.hub.publish({ type: "world" });
      void this.#lookAtPolicies();
    }, gatherMs);
  }

  async #lookAtPolicies(): Promise<void> {
    try {
      this.#policies = await policiesInForce(this.#client);
    } catch {
      // The watches tell what is wrong with the API.
      return;
    }
    if (this.#abort.signal.aborted) return;
    this.hub.publish({ type: "in-force", policies: this.#policies });
    if (this.#policies.some(({ state }) => state === "pending")) {
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

  async #followFlows(socketPath: string): Promise<void> {
    const { signal } = this.#abort;
    const api = new AgentApi({ socketPath }, "the sandbox's agent");
    while (!signal.aborted) {
      // The agent looks more often while it is followed: not for nobody.
      if (this.hub.isFollowed) {
        const left = AbortSignal.any([signal, this.hub.left()]);
        try {
          for await (const { type, data } of api.events("/v1/events?type=drop,flow", left)) {
            if (type === "drop" || type === "flow") this.#tellFlow(data);
          }
        } catch {
          // The watches tell when the sandbox is gone.
        }
      }
      await sleep(againMs, signal);
    }
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
