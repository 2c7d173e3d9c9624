import { ApiError, BackOff, type KubeClient, resources } from "@portcullis/kube";
import type { Conditions } from "./conditions.ts";
import { pause } from "./pause.ts";

export interface PodCidrsOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  readonly conditions: Conditions;
  readonly signal: AbortSignal;
  readonly backOff?: BackOff;
}

/**
 * The pod prefixes that the cluster gave to the node (core/v1 NodeSpec, `podCIDRs`), waited for; why it waits stands in
 * the conditions. @throws the signal's reason when it aborts first.
 */
export async function untilPodCidrs(options: PodCidrsOptions): Promise<readonly string[]> {
  const { conditions, signal, backOff = new BackOff({ firstMs: 500, longestMs: 10_000 }) } = options;
  for (;;) {
    signal.throwIfAborted();
    try {
      const known = await podCidrsOf(options);
      conditions.clear("ApiForbidden");
      conditions.clear("ApiUnreachable");
      if (typeof known !== "string") return known;
      conditions.set("NotSynced", known, waitingFor[known](options.nodeName));
    } catch (error) {
      signal.throwIfAborted();
      tellFailure(error, conditions);
    }
    await pause(backOff.next(), signal);
  }
}

const waitingFor = {
  NoNode: (name: string) =>
    `there is no Node ${name} in the API: --node-name or $NODE_NAME must be its metadata.name`,
  NoPodCidrs: (name: string) =>
    `Node ${name} has no spec.podCIDRs: name its pods' prefixes with --pod-cidr where the cluster allocates none to nodes`,
};

/** What is not there yet. */
type Missing = keyof typeof waitingFor;

/** A list, because to list nodes is a right that the agent has anyhow. */
async function podCidrsOf({
  client,
  nodeName,
  signal,
}: PodCidrsOptions): Promise<readonly string[] | Missing> {
  const fieldSelector = `metadata.name=${nodeName}`;
  const { items } = await client.list(resources.nodes, { fieldSelector, signal });
  const node = items.find(({ metadata }) => metadata.name === nodeName);
  if (node === undefined) return "NoNode";
  const { podCIDRs, podCIDR } = (node.spec ?? {}) as { podCIDRs?: readonly string[]; podCIDR?: string };
  const known = podCIDRs ?? (podCIDR === undefined ? [] : [podCIDR]);
  return known.length === 0 ? "NoPodCidrs" : known;
}

function tellFailure(error: unknown, conditions: Conditions): void {
  const words = error instanceof Error ? error.message : String(error);
  const code = error instanceof ApiError ? error.code : undefined;
  if (code === 401 || code === 403) {
    conditions.set("ApiForbidden", code === 401 ? "Unauthorized" : "Forbidden", words);
    conditions.clear("ApiUnreachable");
  } else {
    conditions.set("ApiUnreachable", code === undefined ? "NoAnswer" : "Refused", words);
    conditions.clear("ApiForbidden");
  }
}
