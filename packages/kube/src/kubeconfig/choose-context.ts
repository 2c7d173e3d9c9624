import type { Kubeconfig, KubeconfigEntry } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** A context with what it names. */
export interface ChosenContext {
  readonly name: string;
  readonly cluster: KubeconfigEntry;
  /** Absent for a cluster that asks nobody who he is. */
  readonly user: KubeconfigEntry | undefined;
  /** Of names that are given without one. */
  readonly namespace: string;
}

/**
 * Looks a context up, the current one when none is named.
 * @throws KubeconfigError when it, its cluster or its user is not there.
 */
export function chooseContext(config: Kubeconfig, name = config.currentContext): ChosenContext {
  const where = config.files.join(", ") || "the kubeconfig";
  const known = [...config.contexts.keys()].sort().join(", ");
  if (name === "") {
    throw new KubeconfigError(
      `${where}: no current context is set`,
      known === "" ? "It has no contexts at all." : `Choose one with --context: ${known}.`,
    );
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new KubeconfigError(
      `${where}: there is no context "${name}"`,
      known === "" ? "It has no contexts at all." : `Contexts: ${known}.`,
    );
  }
  const { cluster: clusterName = "", user: userName = "", namespace } = context.fields;
  const cluster = config.clusters.get(String(clusterName));
  if (cluster === undefined)
    throw new KubeconfigError(`${context.file}: context "${name}" has no cluster "${clusterName}"`);
  const user = config.users.get(String(userName));
  if (user === undefined && userName !== "")
    throw new KubeconfigError(`${context.file}: context "${name}" has no user "${userName}"`);
  return {
    name,
    cluster,
    user,
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : "default",
  };
}
