import type { Address, FieldError, Pod, Program } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import type { SeenPolicy } from "./in-force/policy-versions.ts";

/**
 * What happens in an agent, as it happens. Metrics, logs, the event stream and the in-force record are listeners to
 * these and to nothing else, so they can never tell different stories. Times are milliseconds since the epoch.
 */
export type AgentEvent =
  /** A kind has been listed for the first time. */
  | { readonly type: "synced"; readonly plural: string; readonly objects: number; readonly atMs: number }
  /** A watch or list failed and is tried again. */
  | {
      readonly type: "watch-failed";
      readonly plural: string;
      readonly error: string;
      readonly retryInMs: number;
      readonly atMs: number;
    }
  /** A watch that had failed, or had become too old, tells again where the server is. */
  | { readonly type: "watch-restored"; readonly plural: string; readonly atMs: number }
  /** An object that cannot be read; its former version is left out of everything, too. */
  | {
      readonly type: "unreadable";
      readonly object: KubeObject;
      readonly errors: readonly FieldError[];
      readonly atMs: number;
    }
  /** A policy's mode annotation says neither `staged` nor `enforced`: it is enforced. */
  | {
      readonly type: "unknown-mode";
      /** `namespace/name`. */
      readonly policy: string;
      readonly message: string;
      readonly atMs: number;
    }
  /** A pod has these addresses no longer: it is gone, finished, or has others. Another may get them at once. */
  | {
      readonly type: "addresses-released";
      readonly pod: Pod;
      readonly addresses: readonly Address[];
      readonly atMs: number;
    }
  | ({ readonly type: "programmed" } & Programmed)
  /** A program could not be brought into force; it is tried again. */
  | {
      readonly type: "not-in-force";
      readonly error: string;
      /** Policies that are held back by it, `namespace/name`, where they can be told. */
      readonly policies: readonly string[];
      readonly atMs: number;
    }
  /** The kernel's table was other than it was written; it is mended next. One line for each difference, up to twenty. */
  | {
      readonly type: "drift";
      readonly differences: readonly string[];
      /** Who wrote it, when that is certain: `process 4711 (nft)`, as the machine knows it. */
      readonly by?: string;
      readonly atMs: number;
    }
  | { readonly type: "drift-mended"; readonly atMs: number }
  /** Established connections that a change denied, and that were cut. `protocol source → destination port N`. */
  | { readonly type: "cut"; readonly connections: readonly string[]; readonly atMs: number }
  | { readonly type: "cut-failed"; readonly error: string; readonly atMs: number }
  /** A condition became other than it was. */
  | { readonly type: "condition"; readonly condition: Condition; readonly atMs: number };

/** A program came into force, or was found to be in force already. */
export interface Programmed {
  /** When its rules were in force. It is told when connections that they deny have been cut, too. */
  readonly atMs: number;
  /** Newest resourceVersion that the program knows of, by plural (`networkpolicies`). */
  readonly revisions: ReadonlyMap<string, string>;
  /** When the oldest change in it arrived from the API; absent when nothing had changed. */
  readonly oldestChangeMs?: number;
  /** Whether anything was written to the kernel. */
  readonly changed: boolean;
  readonly transactions: number;
  /** Whether it comes from the disk, because the API could not be reached since the agent began. */
  readonly fromDisk: boolean;
  readonly size: ProgramSize;
  /**
   * Every policy that the API had when the program was compiled, by `namespace/name`: `PolicyVersions.snapshot()`, taken
   * together with the program. The same map for as long as none changed. Absent when it comes from the disk.
   */
  readonly policies?: ReadonlyMap<string, SeenPolicy>;
  /** What is in force. */
  readonly program?: Program;
}

export interface ProgramSize {
  readonly localPods: number;
  /** Policies that select a local pod. */
  readonly policies: number;
  readonly chains: number;
  readonly rules: number;
  readonly sets: number;
  readonly setElements: number;
}

/**
 * A state that lasts, as the conditions of Kubernetes objects are: told by /readyz, by a metric and by the log, and never
 * silently. The agent is ready when no condition with `blocksReadiness` is true.
 */
export interface Condition {
  readonly type: ConditionType;
  readonly status: boolean;
  /** One CamelCase word. */
  readonly reason: string;
  /** One sentence for people, with the mend where there is one. */
  readonly message: string;
  readonly sinceMs: number;
}

/** Each is true when something is wrong; docs/agent/troubleshooting.md has a section for each. */
export const conditionTypes = {
  NotSynced: { blocksReadiness: true, says: "not every watch has listed its kind yet" },
  ApiUnreachable: { blocksReadiness: false, says: "what is in force is kept, and may be behind the API" },
  ApiForbidden: { blocksReadiness: true, says: "the API server refuses what the agent has to read" },
  NotInForce: { blocksReadiness: true, says: "the kernel does not have the newest program" },
  FromDisk: { blocksReadiness: false, says: "what is in force was read from the disk" },
  NftMissing: { blocksReadiness: true, says: "the nft program is not there" },
  NftTooOld: { blocksReadiness: true, says: "the nft program or the kernel is too old" },
  NoPermission: { blocksReadiness: true, says: "the kernel refuses changes: CAP_NET_ADMIN is missing" },
  AnotherAgent: { blocksReadiness: true, says: "another agent holds this node's network namespace" },
  BridgeNotFiltered: { blocksReadiness: true, says: "a bridge passes pods' packets by the hooks" },
  IpvsServices: { blocksReadiness: true, says: "IPVS passes packets to Services by the hooks" },
  ForwardingOff: { blocksReadiness: false, says: "the node forwards no packets" },
  ConntrackFull: { blocksReadiness: false, says: "the table of connections is (nearly) full" },
  Drifted: { blocksReadiness: false, says: "somebody changes the table of ours again and again" },
  TableUnwatched: {
    blocksReadiness: false,
    says: "what others do to the table of ours is noticed at the next comparison only",
  },
  CutFailed: { blocksReadiness: false, says: "denied connections could not be cut" },
  PolicyUnreadable: { blocksReadiness: false, says: "a policy cannot be read, and is not in force" },
  StateNotWritten: { blocksReadiness: false, says: "the state on disk could not be written" },
  StatusNotPublished: { blocksReadiness: false, says: "portcullis status does not hear of this node" },
} as const satisfies Record<string, { readonly blocksReadiness: boolean; readonly says: string }>;

export type ConditionType = keyof typeof conditionTypes;

export type AgentListener = (event: AgentEvent) => void;
