/** Why a state on disk is not used. */
export type StateProblem = "Unreadable" | "Torn" | "Corrupted" | "OtherVersion" | "OtherNode";

/** A state on disk that must not come into force. */
export class StateError extends Error {
  readonly problem: StateProblem;
  /** The node's pod prefixes, where at least these can be trusted: then they can be closed. */
  readonly podCidrs: readonly string[] | undefined;

  constructor(problem: StateProblem, message: string, podCidrs?: readonly string[]) {
    super(message);
    this.name = "StateError";
    this.problem = problem;
    this.podCidrs = podCidrs;
  }
}
