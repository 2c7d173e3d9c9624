import type { Connections } from "@portcullis/dataplane";
import type { Program } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import type { Nft } from "@portcullis/nft";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";

export interface AgentOptions {
  readonly client: KubeClient;
  readonly nft: Nft;
  readonly connections: Connections;
  /** Pods of this node are the ones to enforce for. */
  readonly nodeName: string;
  /** Prefixes of local pods, `10.244.0.0/16`: an address of theirs that is not programmed yet is closed. */
  readonly podCidrs: readonly string[];
  /** Told of all that happens, as it happens. Must not throw. */
  readonly emit?: AgentListener;
  /** The same as lines for people. */
  readonly log?: (line: string) => void;
  /** How long a comparison of the kernel's table with what was written takes, slice by slice, in milliseconds; 0 is never (default 30,000). */
  readonly driftCheckMs?: number;
  /** What a denied packet gets (default `drop`). */
  readonly denied?: "drop" | "reject";
  /** What becomes of a connection that a change denies (default `cut`). */
  readonly established?: "cut" | "keep";
  /** Whether new connections that are allowed are counted (default no). */
  readonly flows?: boolean;
  /** What is wrong so far, when something could be before there was an agent (default: a record of its own). */
  readonly conditions?: Conditions;
  /** Milliseconds since the epoch (default Date.now). */
  readonly now?: () => number;
}

/** A program, and the resourceVersions that it came from, by plural. */
export interface StoredProgram {
  readonly program: Program;
  readonly revisions: ReadonlyMap<string, string>;
  /** What to say of it for as long as it is in force: reason and message of the condition FromDisk. */
  readonly says?: { readonly reason: string; readonly message: string };
}
