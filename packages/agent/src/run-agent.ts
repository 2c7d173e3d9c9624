import { type Connections, Conntrack } from "@portcullis/dataplane";
import type { KubeClient } from "@portcullis/kube";
import { type Nft, NftProcess } from "@portcullis/nft";
import { Agent } from "./agent.ts";
import type { AgentEvent, AgentListener } from "./agent-event.ts";
import { Conditions } from "./conditions.ts";
import { NodeLock } from "./lock/node-lock.ts";
import { agentEventLog } from "./observe/log/agent-event-log.ts";
import { Log } from "./observe/log/log.ts";
import type { LogLevel } from "./observe/log/log-events.ts";
import { untilPodCidrs } from "./pod-cidrs.ts";
import { type ColdStart, coldStart } from "./state/cold-start.ts";
import { StateWriter } from "./state/state-writer.ts";

export interface RunAgentOptions {
  readonly client: KubeClient;
  /** metadata.name of the Node that this process is on. */
  readonly nodeName: string;
  /** Of Portcullis, for logs and metrics. */
  readonly version: string;
  /** Prefixes of the node's pods; those of the Node's `spec.podCIDRs` when absent. */
  readonly podCidrs?: readonly string[];
  readonly established: "cut" | "keep";
  readonly denied: "drop" | "reject";
  /** Where the program in force is kept. */
  readonly stateDirectory: string;
  /** How long the API is waited for before the disk is believed, in milliseconds. */
  readonly coldStartAfterMs: number;
  /** How often the kernel's table is compared with what was written, in milliseconds; 0 is never. */
  readonly driftCheckMs: number;
  readonly logLevel: LogLevel;
  /** Default: the nft program. */
  readonly nft?: Nft;
  /** Default: the conntrack program. */
  readonly connections?: Connections;
}

export interface AgentIo {
  /** Takes one line of the log, without its line break. */
  readonly log: (line: string) => void;
}

export interface RunningAgent {
  /** Resolves after `stop`; rejects when the agent cannot go on and has to be started anew. */
  readonly ended: Promise<void>;
  /** Ends the agent; what is in force stays in force. */
  stop(): Promise<void>;
}

/**
 * A node agent with everything that belongs to it, from its lock to its log. It comes up whatever is wrong, tells what
 * that is, and goes on by itself when it is mended.
 */
export async function runAgent(options: RunAgentOptions, io: AgentIo): Promise<RunningAgent> {
  const abort = new AbortController();
  const log = new Log({ write: io.log, level: options.logLevel });
  const listeners: AgentListener[] = [agentEventLog(log)];
  const emit = (event: AgentEvent) => {
    for (const listener of listeners) listener(event);
  };
  const conditions = new Conditions(emit);
  conditions.set("NotSynced", "Starting", "the agent has only just begun");
  log.log("started", { version: options.version, node: options.nodeName, pid: process.pid });
  const ended = live({ options, conditions, listeners, emit, signal: abort.signal }).finally(() => {
    log.log("stopped", {});
    log.flush();
  });
  // Whoever waits for it is told; nobody has to.
  ended.catch(() => {});
  return {
    ended,
    stop() {
      abort.abort(stopped);
      return ended;
    },
  };
}

const stopped = new Error("the agent was told to stop");

interface Life {
  readonly options: RunAgentOptions;
  readonly conditions: Conditions;
  readonly listeners: AgentListener[];
  readonly emit: AgentListener;
  readonly signal: AbortSignal;
}

/** From the lock to the end. Resolves when the signal aborts, and everything has been put away. */
async function live(life: Life): Promise<void> {
  const { options, conditions, signal } = life;
  const onHeld = (holder: { readonly pid: number } | undefined) => {
    const who = holder === undefined ? "a process that does not say who it is" : `process ${holder.pid}`;
    conditions.set("AnotherAgent", "LockHeld", `${who} is this node's agent; this one waits until it ends`);
  };
  try {
    const lock = await NodeLock.wait(options.nodeName, { signal, onHeld });
    conditions.clear("AnotherAgent");
    await enforce(life).finally(() => lock.release());
  } catch (error) {
    if (error !== stopped) throw error;
  }
}

async function enforce({ options, conditions, listeners, emit, signal }: Life): Promise<void> {
  const { client, nodeName, stateDirectory: directory } = options;
  const nft = options.nft ?? new NftProcess();
  let agent: Agent | undefined;
  let writer: StateWriter | undefined;
  try {
    const kept = coldStart({
      directory,
      nodeName,
      nft,
      afterMs: options.coldStartAfterMs,
      isSynced: () => agent?.program !== undefined,
      signal,
    });
    const fromApi = options.podCidrs
      ? Promise.resolve(options.podCidrs)
      : untilPodCidrs({ client, nodeName, conditions, signal });
    void kept.then((cold) => {
      if (cold !== undefined && cold.podCidrs === undefined && agent === undefined && !signal.aborted)
        conditions.set("NotInForce", "PodCidrsUnknown", `${cold.stored.says?.message}, as soon as ${mend}`);
    });
    const podCidrs = await Promise.race([fromApi, fromDisk(kept)]);
    agent = new Agent({
      client,
      nft,
      connections: options.connections ?? new Conntrack(),
      nodeName,
      podCidrs,
      emit,
      conditions,
      driftCheckMs: options.driftCheckMs,
      denied: options.denied,
      established: options.established,
    });
    writer = new StateWriter({
      directory,
      nodeName,
      podCidrs,
      onWritten: () => conditions.clear("StateNotWritten"),
      onFailure: ({ message }) => conditions.set("StateNotWritten", "WriteFailed", message),
    });
    listeners.push(saving(writer));
    const running = agent;
    void kept.then((cold) => cold && !signal.aborted && running.restore(cold.stored));
    void agent.start();
    await Promise.race([unlessChanged(fromApi, podCidrs), aborted(signal)]);
  } finally {
    await agent?.stop();
    await writer?.close();
    if (options.nft === undefined) await nft.close();
  }
}

const mend = "their prefixes are known: from the API, or from --pod-cidr";

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

/** Rejects when the API gives the node other prefixes than the disk did: all that closes them is to be made anew. */
async function unlessChanged(
  fromApi: Promise<readonly string[]>,
  podCidrs: readonly string[],
): Promise<never> {
  const now = [...(await fromApi)].sort().join(", ");
  const before = [...podCidrs].sort().join(", ");
  if (now !== before) throw new Error(`the node's pods had the prefixes ${before} and now have ${now}`);
  return new Promise<never>(() => {});
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
