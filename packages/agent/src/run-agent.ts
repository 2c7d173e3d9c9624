import type { KubeClient } from "@portcullis/kube";
import { type Nft, NftProcess } from "@portcullis/nft";
import { type AgentSettings, enforceHere } from "./enforce-here.ts";
import { processOf } from "./lock/lock-holder.ts";
import { NodeLock } from "./lock/node-lock.ts";
import type { LogLevel } from "./observe/log/log-events.ts";
import { ObservedNode } from "./observed-node.ts";
import { readBootId } from "./state/boot-id.ts";

export interface RunAgentOptions extends AgentSettings {
  readonly client: KubeClient;
  /** Of Portcullis, for logs and metrics. */
  readonly version: string;
  readonly logLevel: LogLevel;
  /** Where probes, metrics, drops, flows and events are served; false serves nothing. */
  readonly api: ListenAddress | false;
  /** Where probes and metrics alone are served as well. */
  readonly metrics?: ListenAddress;
  /** Default: the nft program. */
  readonly nft?: Nft;
}

interface ListenAddress {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
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
 * A node agent with everything that belongs to it, from its lock to its log. It comes up whatever is wrong with the node
 * or the API, tells what that is, and goes on by itself when it is mended.
 */
export async function runAgent(options: RunAgentOptions, io: AgentIo): Promise<RunningAgent> {
  const abort = new AbortController();
  const nft = options.nft ?? new NftProcess();
  const node = new ObservedNode(options, nft, await readBootId(), io);
  const ended = live(options, node, abort.signal).finally(async () => {
    await node.close();
    await nft.close();
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

/** From the lock to the end. Resolves when the signal has aborted, and everything was put away. */
async function live(options: RunAgentOptions, node: ObservedNode, signal: AbortSignal): Promise<void> {
  const { conditions } = node;
  try {
    // Another agent of this node may serve there: then we do when it has gone.
    const served = await node.serve().then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") return false;
        throw error;
      },
    );
    const lock = await NodeLock.wait(options.nodeName, {
      signal,
      onHeld: (holder) =>
        conditions.set(
          "AnotherAgent",
          "LockHeld",
          `${holder === undefined ? "a process that does not say who it is" : processOf(holder)} is the agent of this network namespace; this one waits until it ends`,
        ),
    });
    try {
      conditions.clear("AnotherAgent");
      if (!served) await node.serve();
      await enforceHere(options, node, signal);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (error !== stopped) throw error;
  }
}
