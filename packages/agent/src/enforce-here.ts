import { type Connections, Conntrack } from "@portcullis/dataplane";
import type { KubeClient } from "@portcullis/kube";
import { Agent } from "./agent.ts";
import type { AgentListener } from "./agent-event.ts";
import { StatusPublisher } from "./in-force/status-publisher.ts";
import { watchNode } from "./node-watch.ts";
import type { ObservedNode } from "./observed-node.ts";
import { untilPodCidrs } from "./pod-cidrs.ts";
import { type ColdStart, coldStart } from "./state/cold-start.ts";
import { stateFileName } from "./state/saved-state.ts";
import { StateWriter } from "./state/state-writer.ts";

/** How a node's policies are enforced. */
export interface AgentSettings {
  readonly client: KubeClient;
  /** metadata.name of the Node that this process is on. */
  readonly nodeName: string;
  /** Of the Lease that tells what is in force here; nothing is published without. */
  readonly namespace?: string;
  /** Prefixes of the node's pods; those of the Node's `spec.podCIDRs` when absent. */
  readonly podCidrs?: readonly string[];
  readonly established: "cut" | "keep";
  readonly denied: "drop" | "reject";
  /** Whether new connections that are allowed are recorded, too. */
  readonly flows: boolean;
  /** Where the program in force is kept. */
  readonly stateDirectory: string;
  /** How long the API is waited for before the disk is believed, in milliseconds. */
  readonly coldStartAfterMs: number;
  /** How often the kernel's table is compared with what was written, in milliseconds; 0 is never. */
  readonly driftCheckMs: number;
  /** Default: those of the kernel, by the conntrack program. */
  readonly connections?: Connections;
}

/** Enforces until the signal aborts; to be called by whoever has the node's lock. @throws the signal's reason. */
export async function enforceHere(
  settings: AgentSettings,
  node: ObservedNode,
  signal: AbortSignal,
): Promise<never> {
  const { client, nodeName, stateDirectory: directory } = settings;
  const { conditions, nft } = node;
  const isSynced = () => node.agent?.inSync === true;
  const kept = coldStart({ directory, nodeName, nft, afterMs: settings.coldStartAfterMs, isSynced, signal });
  const fromApi = settings.podCidrs
    ? Promise.resolve(settings.podCidrs)
    : untilPodCidrs({ client, nodeName, conditions, signal });
  void kept.then((cold) => !signal.aborted && cold && tellWithoutPrefixes(cold, node));
  const prefixes = Promise.race([fromApi, fromDisk(kept)]);
  void watchNode({ nft, conditions, podCidrs: prefixes, signal });
  const podCidrs = await prefixes;
  const agent = new Agent({
    ...settings,
    nft,
    connections: settings.connections ?? new Conntrack(),
    podCidrs,
    conditions,
    emit: (event) => node.emit(event),
  });
  const writer = new StateWriter({
    directory,
    nodeName,
    podCidrs,
    denied: settings.denied,
    onWritten: () => node.disk.written(stateFileName),
    onFailure: (error) => node.disk.failed(stateFileName, error),
  });
  const publisher = publisherFor(settings, agent, node);
  node.join(agent);
  node.listen(saving(writer));
  try {
    void kept.then((cold) => !signal.aborted && cold && agent.restore(cold.stored));
    void agent.start();
    publisher?.start();
    return await Promise.race([unlessOthers(fromApi, podCidrs), aborted(signal)]);
  } finally {
    await agent.stop();
    await publisher?.stop();
    await writer.close();
    await node.leave();
  }
}

/** Says that nothing can be closed, where what is on the disk is not even good for its prefixes. */
function tellWithoutPrefixes({ podCidrs, stored }: ColdStart, { agent, conditions }: ObservedNode): void {
  if (agent !== undefined || podCidrs !== undefined) return;
  const until = "as soon as they are known: from the API, or from --pod-cidr";
  conditions.set("NotInForce", "PodCidrsUnknown", `${stored.says?.message ?? ""}, ${until}`);
}

function publisherFor(
  { client, nodeName, namespace }: AgentSettings,
  { cluster }: Agent,
  { record, conditions }: ObservedNode,
): StatusPublisher | undefined {
  if (namespace === undefined) return undefined;
  const nodes = () => cluster.nodes().length;
  return new StatusPublisher({ client, nodeName, namespace, record, nodes, conditions });
}

/** Keeps the disk at what the API made of the kernel. */
function saving(writer: StateWriter): AgentListener {
  let saved = false;
  return (event) => {
    if (event.type !== "programmed" || event.fromDisk || event.program === undefined) return;
    // The first of this life, too: the one on the disk may be of a life before.
    if (saved && !event.changed) return;
    saved = true;
    writer.save(event.program, event.revisions);
  };
}

/** Never resolves when the disk does not know them. */
async function fromDisk(kept: Promise<ColdStart | undefined>): Promise<readonly string[]> {
  return (await kept)?.podCidrs ?? new Promise<never>(() => {});
}

/** Rejects when the API gives the node other prefixes than the disk did: what closes them has to be made anew. */
async function unlessOthers(
  fromApi: Promise<readonly string[]>,
  podCidrs: readonly string[],
): Promise<never> {
  const now = [...(await fromApi)].sort().join(", ");
  const before = [...podCidrs].sort().join(", ");
  if (now !== before) throw new Error(`the node's pods had the prefixes ${before}, and now have ${now}`);
  return new Promise<never>(() => {});
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
