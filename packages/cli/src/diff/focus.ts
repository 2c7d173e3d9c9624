import type { Cluster, DiffOptions, Pod, PortSet } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { parsePortFilter } from "../list/port-filter.ts";
import { selectPods } from "../list/select-pods.ts";

export interface FocusOptions {
  readonly focus?: readonly string[];
  readonly namespace?: string;
  readonly direction?: "ingress" | "egress";
  readonly port?: readonly string[];
}

/** What `--focus`, `-n`, `--direction` and `--port` leave of a comparison. Fails with CliError (exit code 2). */
export function focusOf(
  { focus, namespace, direction, port }: FocusOptions,
  before: Cluster,
  after: Cluster,
): Pick<DiffOptions, "focus" | "direction" | "within"> {
  const pods = podsInFocus(focus, namespace, before, after);
  return {
    ...(pods && { focus: pods }),
    ...(direction && { direction: direction === "ingress" ? "Ingress" : "Egress" }),
    ...(port && { within: portsOf(port) }),
  };
}

function podsInFocus(
  focus: readonly string[] | undefined,
  namespace: string | undefined,
  before: Cluster,
  after: Cluster,
): ((pod: Pod) => boolean) | undefined {
  if (focus !== undefined) {
    const keys = new Set(focus.flatMap((name) => podsCalled(name, namespace, [after, before]).map(keyOf)));
    return (pod) => keys.has(keyOf(pod));
  }
  if (namespace === undefined) return undefined;
  if (![before, after].some((cluster) => cluster.pods(namespace).length > 0))
    throw new CliError(exitCode.usage, `no pods in namespace ${namespace}, on either side`);
  return (pod) => pod.namespace === namespace;
}

/** In either state; a name that none of them has is told as the first tells it. */
function podsCalled(
  name: string,
  namespace: string | undefined,
  clusters: readonly Cluster[],
): readonly Pod[] {
  let problem: unknown;
  const found = clusters.flatMap((cluster) => {
    try {
      return [...selectPods(cluster, [name], namespace).pods];
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      problem ??= error;
      return [];
    }
  });
  if (found.length > 0) return found;
  throw problem ?? new CliError(exitCode.usage, `--focus ${name}: no pod has this address, on either side`);
}

function portsOf(texts: readonly string[]): PortSet {
  const { fixed, named } = parsePortFilter(texts);
  const [first] = named;
  if (first === undefined) return fixed;
  throw new CliError(
    exitCode.usage,
    `--port ${first.name}: a name may mean one port before and another after`,
    "Write the number.",
  );
}

const keyOf = ({ namespace, name, workload }: Pod): string => `${namespace}/${workload?.kind ?? ""}/${name}`;
