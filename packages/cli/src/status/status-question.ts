import type { KubeClient } from "@portcullis/kube";
import type { WorldOptions } from "../world/world-options.ts";
import type { StatusOutput } from "./print-status.ts";

export interface StatusOptions extends Pick<WorldOptions, "name" | "context" | "kubeconfig" | "cluster"> {
  readonly names: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  /** Where the agents and their Leases are; every namespace is searched when absent. */
  readonly agentNamespace?: string;
  readonly output: StatusOutput;
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly exitZero?: boolean;
}

/** What a command line asks of a cluster. */
export interface StatusQuestion extends StatusOptions {
  readonly client: KubeClient;
  /** For errors: `context prod`. */
  readonly where: string;
  /** Of names that are given without one. */
  readonly defaultNamespace: string;
}
