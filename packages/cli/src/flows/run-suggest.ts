import {
  type Direction,
  type Group,
  plural,
  policyManifest,
  type Suggestion,
  type SuggestOptions,
  suggest,
  suggestionYaml,
  systemNamespaces,
} from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { printChunks } from "../list/print-chunks.ts";
import { loadWorld } from "../world/load-world.ts";
import type { WorldOptions } from "../world/world-options.ts";
import type { AggregateLengths } from "./aggregate.ts";
import { readFlows } from "./read-flows.ts";

export interface SuggestCommandOptions extends WorldOptions {
  readonly namespace?: readonly string[];
  readonly workload?: readonly string[];
  readonly direction: "ingress" | "egress" | "both";
  readonly aggregate?: AggregateLengths;
  readonly beside?: "existing";
  readonly onlyDenied?: boolean;
  /** False for `--no-icmp`. */
  readonly icmp: boolean;
  readonly mode: "enforced" | "staged";
  readonly output: string;
}

/** Prints the smallest policies that keep recorded flows; gives the exit code. */
export async function runSuggest(
  files: readonly string[],
  options: SuggestCommandOptions,
  io: Io,
): Promise<number> {
  const flows = await readFlows(files, io, options.quiet);
  const world = await loadWorld(options, io);
  const asked: Asked = { workloads: new Set(), system: new Set() };
  const found = suggest(world.cluster, flows.records, suggestOptions(options, asked));
  const unknown = (options.workload ?? []).filter((name) => !asked.workloads.has(name));
  if (unknown.length > 0)
    throw new CliError(
      exitCode.usage,
      `--workload ${unknown[0]}: no such workload took part in a recorded flow`,
      "Workloads are named Deployment/web, shop/Deployment/web, or by their own name alone.",
    );
  await printChunks(options.output === "json" ? [listJson(found)] : suggestionYaml(found), io);
  tell(found, [...asked.system].sort(), io);
  const { recorded, notKept } = found;
  if (recorded.flows > 0 && notKept.reduce((sum, each) => sum + each.flows, 0) === recorded.flows) {
    io.err(`${io.errColors.red("error:")} none of these flows can be kept: are these their pods?\n`);
    return exitCode.usage;
  }
  return flows.code === exitCode.ok ? world.code : flows.code;
}

/** What came of the user's conditions. */
interface Asked {
  /** Those of --workload that were found. */
  readonly workloads: Set<string>;
  /** Namespaces of the cluster's own that were left out. */
  readonly system: Set<string>;
}

function suggestOptions(
  {
    direction,
    namespace,
    workload,
    aggregate,
    beside,
    onlyDenied = false,
    icmp,
    mode,
  }: SuggestCommandOptions,
  asked: Asked,
): SuggestOptions {
  const directions: Record<typeof direction, readonly Direction[]> = {
    ingress: ["Ingress"],
    egress: ["Egress"],
    both: ["Ingress", "Egress"],
  };
  const wants = (group: Group) => {
    if (namespace !== undefined && !namespace.includes(group.namespace)) return false;
    if (workload === undefined) {
      // A wrong guess in there takes the whole cluster along: only who asks for it gets it.
      const isSystem = namespace === undefined && systemNamespaces.includes(group.namespace);
      if (isSystem) asked.system.add(group.namespace);
      return !isSystem;
    }
    const found = workload.filter((name) => isNamed(group, name));
    for (const name of found) asked.workloads.add(name);
    return found.length > 0;
  };
  return {
    directions: directions[direction],
    wants,
    portless: icmp,
    beside: beside === "existing",
    onlyDenied,
    staged: mode === "staged",
    ...(aggregate && { aggregate }),
  };
}

function isNamed({ namespace, names }: Group, asked: string): boolean {
  return names.some((name) => {
    const own = name.slice(name.indexOf("/") + 1);
    return [name, own, `${namespace}/${name}`, `${namespace}/${own}`].includes(asked);
  });
}

/** For programs: what kubectl takes. */
function listJson({ policies }: Suggestion): string {
  const items = policies.map(({ policy }) => policyManifest(policy));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 2)}\n`;
}

/** Names that a line lists. */
const namesShown = 10;

function tell(
  { policies, recorded, notKept, portless, denied, silent }: Suggestion,
  system: readonly string[],
  io: Io,
): void {
  const note = io.errColors.yellow("note:");
  for (const { because, flows, connections } of notKept)
    io.err(`${note} ${plural(flows, "flow")} (${plural(connections, "connection")}) not kept: ${because}\n`);
  if (portless.flows > 0)
    io.err(`${note} ${plural(portless.flows, "flow")} without a port left out (--no-icmp)\n`);
  if (denied.flows > 0)
    io.err(`${note} passed over: ${plural(denied.flows, "denied flow")}, no reason to allow anything\n`);
  const wide = policies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .filter(({ ports }) => ports.length === 0);
  if (wide.length > 0)
    io.err(
      `${note} every port is open in ${plural(wide.length, "rule")}, for flows without a port; --no-icmp leaves these out\n`,
    );
  if (silent.length > 0) {
    const more = silent.length > namesShown ? ` and ${silent.length - namesShown} more` : "";
    io.err(
      `${note} no flow of ${silent.slice(0, namesShown).join(", ")}${more} was recorded: left as they are\n`,
    );
  }
  for (const namespace of system)
    io.err(
      `${note} nothing for ${namespace}, on which the whole cluster depends; -n ${namespace} asks for it\n`,
    );
  const words = policies.length === 1 ? "1 policy" : `${policies.length.toLocaleString("en")} policies`;
  io.err(`${words} for ${plural(recorded.flows, "flow")} that passed\n`);
}
