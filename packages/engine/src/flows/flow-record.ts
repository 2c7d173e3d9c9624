import type { Direction } from "../model/network-policy.ts";
import type { FlowProtocol } from "../model/protocol.ts";

/**
 * New connections of one kind that were judged alike, counted: a line of `portcullis flows`, of the agent's log and of
 * its event stream, and what `portcullis suggest` and `portcullis replay` read. One JSON object a line.
 */
export interface FlowRecord {
  readonly kind: "Flow";
  readonly verdict: "allowed" | "denied" | "would-be-denied";
  readonly node: string;
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  /** A protocol that policies know, or the number of another as text. */
  readonly protocol: FlowProtocol | string;
  /** Destination port, after the Service was translated; 0 where there is none. */
  readonly port: number;
  /** First packets seen since the last record of the same flow. */
  readonly count: number;
  /** RFC 3339, when this aggregate began and ended. */
  readonly from: string;
  readonly to: string;
  /** Why it was denied (or would be): the side that denies, by the engine's own explanation. */
  readonly denied?: DeniedBy;
}

export interface FlowEnd {
  readonly address: string;
  /** Absent when the address is no pod's. */
  readonly pod?: FlowPod;
  /** Other pods that had the address between `from` and `to`: the packets may be theirs as well. */
  readonly formerly?: readonly FlowPod[];
  /** A node's name, for an address that is a node's. */
  readonly node?: string;
}

export interface FlowPod {
  readonly namespace: string;
  readonly name: string;
  /** The controller, `Deployment/web`. */
  readonly workload?: string;
}

export interface DeniedBy {
  readonly direction: Direction;
  /** The policies that isolate the pod on that side, `namespace/name`, sorted. Staged ones for `would-be-denied`. */
  readonly policies: readonly string[];
  /**
   * Why nothing allowed it: no rule matches; the pod's address was not programmed yet; or this side allows it by now,
   * because policies or pods changed between the packet and this record.
   */
  readonly reason: "no-match" | "unprogrammed" | "changed";
  /** The rule that came closest, in the words of the explanation. */
  readonly nearest?: string;
}
