import type { Namespace } from "../model/objects.ts";
import type { Flow, Verdict } from "../verdict/verdict.ts";

/** A flow that two sets of policies judge differently, with the reasons of each. */
export interface FlowDifference {
  readonly flow: Flow;
  /** The namespaces of pods that were made up. */
  readonly namespaces: readonly Namespace[];
  /** By the first set, and by the second. */
  readonly a: Verdict;
  readonly b: Verdict;
}
