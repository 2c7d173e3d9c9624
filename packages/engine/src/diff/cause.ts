import type { Direction, NetworkPolicy } from "../model/network-policy.ts";

/** Why something opened or closed on one side of a connection: the policy that is responsible. */
export interface Cause {
  readonly direction: Direction;
  /**
   * Opened: a rule of the second state `allows` it, or a policy that `isolated` the pod in the first state does so no more.
   * Closed: a policy of the second state `isolates` the pod, or a rule that `allowed` it in the first state does so no
   * more. `exempt`: policies apply to the pod in one of the states only (host network); there is no policy then.
   */
  readonly effect: "allows" | "isolated" | "isolates" | "allowed" | "exempt";
  /** As it is in the state that the effect is about. */
  readonly policy?: NetworkPolicy;
  /** Index in `ingress` or `egress`, when the effect is a rule's. */
  readonly rule?: number;
  /** What became of the policy. Unchanged: labels, addresses or port names of pods or namespaces are what changed. */
  readonly fate: "added" | "removed" | "changed" | "unchanged";
}
