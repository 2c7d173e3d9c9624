import { type Cluster, PortSet, portSetText, reachSummary } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { formatTable } from "../text/table.ts";
import { formatYaml } from "../text/yaml.ts";
import type { SelectionOptions } from "./list-options.ts";
import { parsePortFilter } from "./port-filter.ts";

/** Prints what the whole cluster comes to, in figures. */
export async function printSummary(
  cluster: Cluster,
  options: SelectionOptions & { readonly output: string },
  io: Io,
): Promise<void> {
  const { output } = options;
  if (!["text", "wide", "json", "yaml"].includes(output)) {
    throw new CliError(exitCode.usage, `--summary cannot be printed as ${output}`, "Use text, json or yaml.");
  }
  const { fixed, named } = parsePortFilter(options.port ?? []);
  if (named.length > 0) throw new CliError(exitCode.usage, "--summary takes ports by number");
  const ports = options.port === undefined ? PortSet.all : fixed;
  const progress = commandProgress(io, options);
  progress.show("counting pairs");
  const summary = { ports: portSetText(ports), ...reachSummary(cluster, ports) };
  progress.end();
  if (output === "json") return io.out(`${JSON.stringify(summary, null, 2)}\n`);
  if (output === "yaml") return io.out(formatYaml(summary));
  const { namespaces, policies, pods, classes, isolated, pairs } = summary;
  const words = options.port === undefined ? "at any port" : `at ${summary.ports}`;
  const of = (part: number, whole: number) =>
    `${part}${whole === 0 ? "" : ` (${((100 * part) / whole).toFixed(1)} %)`}`;
  io.out(
    formatTable(
      ["WHAT", "COUNT"],
      [
        ["namespaces", `${namespaces}`],
        ["policies", `${policies}`],
        ["pods and workloads", `${pods}`],
        ["kinds of pods that policies tell apart", `${classes}`],
        ["pods isolated for ingress", of(isolated.ingress, pods)],
        ["pods isolated for egress", of(isolated.egress, pods)],
        ["pods isolated in neither direction", of(isolated.neither, pods)],
        [`pairs of pods allowed ${words}`, of(pairs.allowed, pairs.all)],
      ],
    ),
  );
}
