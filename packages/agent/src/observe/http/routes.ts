import type { FlowRecord } from "@portcullis/engine";
import type { Registry } from "prom-client";
import type { PolicyInForce } from "../../in-force/policy-in-force.ts";
import { type AgentState, conditionJson } from "../agent-state.ts";
import { answerJson, answerText } from "./answer.ts";
import type { EventStream } from "./event-stream.ts";
import { answerHealth, answerReady } from "./health.ts";
import type { Route } from "./http-server.ts";
import { answerPolicies } from "./policies.ts";
import { flowFilter } from "./stream-filter.ts";

export interface RouteSources {
  readonly nodeName: string;
  readonly version: string;
  readonly state: AgentState;
  readonly registry: Registry;
  readonly stream: EventStream;
  /** Milliseconds for which nft has owed an answer. */
  readonly nftOwesMs: () => number;
  /** How every policy stands on this node. */
  readonly policies: () => readonly PolicyInForce[];
  /** The flows of the last minutes, up to a moment ago; the one seen last is first. */
  readonly recent: (what: "denied" | "allowed") => Promise<readonly FlowRecord[]>;
}

/** What the kubelet and Prometheus ask for. */
export function probeRoutes({ state, registry, nftOwesMs }: RouteSources): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ["/healthz", (_url, response) => answerHealth(response, nftOwesMs())],
    ["/readyz", (url, response) => answerReady(url, response, state)],
    [
      "/metrics",
      async (_url, response) => answerText(response, 200, await registry.metrics(), registry.contentType),
    ],
  ]);
}

/** These, and what tells of single policies and pods. */
export function apiRoutes(sources: RouteSources): ReadonlyMap<string, Route> {
  const { nodeName, version, state, stream, policies, recent } = sources;
  return new Map<string, Route>([
    ...probeRoutes(sources),
    [
      "/v1/status",
      (_url, response) =>
        answerJson(response, 200, {
          node: nodeName,
          version,
          ready: state.ready,
          conditions: state.conditions.active().map(conditionJson),
          ...(state.inForce && { inForce: state.inForce }),
        }),
    ],
    ["/v1/policies", (url, response) => answerPolicies(url, response, policies())],
    ["/v1/events", (url, response, request) => stream.open(url, response, request)],
    ["/v1/drops", list(() => recent("denied"))],
    ["/v1/flows", list(() => recent("allowed"))],
  ]);
}

const list =
  (flows: () => Promise<readonly FlowRecord[]>): Route =>
  async (url, response) => {
    const filter = flowFilter(url.searchParams);
    answerJson(response, 200, { flows: (await flows()).filter(filter) });
  };
