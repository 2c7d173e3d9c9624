import type { Cluster, DiffOptions, Pod } from "@portcullis/engine";
import { sourcesOf } from "../can/find-peer.ts";
import { parsePeer } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

export interface FocusOptions {
  readonly focus?: readonly string[];
  readonly namespace?: string;
}

/** What `--focus` and `-n` leave of a comparison. Fails with CliError (exit code 2) when neither state has a name. */
export function focusOf(
  { focus, namespace }: FocusOptions,
  before: Cluster,
  after: Cluster,
): Pick<DiffOptions, "focus"> {
  if (focus === undefined) {
    if (namespace === undefined) return {};
    const known = [before, after].some((cluster) => cluster.pods(namespace).length > 0);
    if (!known) throw new CliError(exitCode.usage, `no pods in namespace ${namespace}, on either side`);
    return { focus: (pod) => pod.namespace === namespace };
  }
  const keys = new Set(
    focus.flatMap((name) => podsCalled(name, namespace ?? "default", [after, before]).map(keyOf)),
  );
  return { focus: (pod) => keys.has(keyOf(pod)) };
}

function podsCalled(name: string, namespace: string, clusters: readonly Cluster[]): readonly Pod[] {
  const ref = parsePeer(name, namespace);
  if (ref.kind === "address" || ref.kind === "cidr")
    throw new CliError(exitCode.usage, `--focus ${name}: name a pod or a workload`);
  let problem: unknown;
  const found = clusters.flatMap((cluster) => {
    try {
      return sourcesOf(cluster, ref).flatMap(({ endpoint }) => endpoint.pod ?? []);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      problem ??= error;
      return [];
    }
  });
  if (found.length === 0) throw problem;
  return found;
}

const keyOf = ({ namespace, name, workload }: Pod): string => `${namespace}/${workload?.kind ?? ""}/${name}`;
