import { Cluster, type NetworkPolicy, type Pod, type Program, parseAddress } from "@portcullis/engine";
import type { AgentEvent } from "../agent-event.ts";
import type { SeenPolicy } from "./policy-versions.ts";

/** What a test's API has: each policy selects the pods of these labels, `app=NAME`, in its namespace `default`. */
export interface State {
  /** Name → resourceVersion, app, and what else there is to say. */
  readonly policies: Readonly<
    Record<string, Partial<SeenPolicy> & { readonly version: number; readonly app: string }>
  >;
  /** Of local pods, their app. */
  readonly pods: readonly string[];
}

export function seenOf({ policies }: State): ReadonlyMap<string, SeenPolicy> {
  return new Map(
    Object.entries(policies).map(([name, { version, app: _, ...seen }]) => [
      `default/${name}`,
      { resourceVersion: String(version), staged: false, ...seen },
    ]),
  );
}

/** As the engine compiles it. */
function programOf({ policies, pods }: State): Program {
  const cluster = new Cluster();
  for (const [index, app] of pods.entries()) cluster.upsert(pod(`${app}-${index}`, app, index));
  for (const [name, { app, staged, unreadable }] of Object.entries(policies))
    if (unreadable === undefined) cluster.upsert(policy(name, app, staged === true));
  return cluster.program(() => true);
}

/** The event of this state's coming into force; its revision is that of the newest policy, or `revision`. */
export function programmed(
  state: State,
  atMs: number,
  more: {
    readonly revision?: number;
    readonly changed?: boolean;
    readonly seen?: ReadonlyMap<string, SeenPolicy>;
  } = {},
): AgentEvent & { readonly type: "programmed" } {
  const newest = Math.max(0, ...Object.values(state.policies).map(({ version }) => version));
  return {
    type: "programmed",
    atMs,
    revisions: new Map([["networkpolicies", String(more.revision ?? newest)]]),
    changed: more.changed ?? true,
    transactions: 1,
    fromDisk: false,
    size: { localPods: state.pods.length, policies: 0, chains: 0, rules: 0, sets: 0, setElements: 0 },
    policies: more.seen ?? seenOf(state),
    program: programOf(state),
  };
}

function pod(name: string, app: string, index: number): Pod {
  return {
    kind: "Pod",
    namespace: "default",
    name,
    labels: { app },
    addresses: [parseAddress(`10.0.0.${index + 1}`)!],
    hostNetwork: false,
    phase: "Running",
    ports: [],
  };
}

function policy(name: string, app: string, staged: boolean): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace: "default",
    name,
    podSelector: { matchLabels: { app }, matchExpressions: [] },
    policyTypes: ["Ingress"],
    ingress: [],
    egress: [],
    ...(staged ? { staged: true } : {}),
  };
}
