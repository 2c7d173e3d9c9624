import {
  type Replay,
  replay,
  replayJson,
  replaySummary,
  replayTable,
  replayText,
  tableCsv,
  tableMarkdown,
} from "@portcullis/engine";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";
import { loadWorld } from "../world/load-world.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { readFlows } from "./read-flows.ts";

export interface ReplayCommandOptions extends WorldOptions {
  readonly output: string;
  readonly failOn: "denied" | "change" | "not-judged" | "never";
}

/** Judges recorded flows by the policies of files or of a cluster; gives the exit code. */
export async function runReplay(
  files: readonly string[],
  options: ReplayCommandOptions,
  io: Io,
): Promise<number> {
  const flows = await readFlows(files, io, options.quiet);
  const world = await loadWorld(options, io);
  const found = replay(world.cluster, flows.records);
  io.out(format(found, options.output, io));
  const judged = found.recorded.flows - found.notJudged.reduce((sum, each) => sum + each.flows, 0);
  if (judged === 0) {
    io.err(`${io.errColors.red("error:")} none of these flows could be judged: are these their pods?\n`);
    return exitCode.usage;
  }
  if (flows.code !== exitCode.ok || world.code !== exitCode.ok) return exitCode.usage;
  return fails(found, options.failOn) ? exitCode.finding : exitCode.ok;
}

function format(found: Replay, output: string, io: Io): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(replayJson(found), null, 2)}\n`;
    case "yaml":
      return formatYaml(replayJson(found));
    case "csv":
      return tableCsv(replayTable(found));
    case "md":
      return `**${replaySummary(found)}**\n\n${tableMarkdown(replayTable(found))}`;
    default:
      return replayText(found, reportStyle(io.outColors));
  }
}

function fails({ denied, allowed, notJudged }: Replay, failOn: ReplayCommandOptions["failOn"]): boolean {
  switch (failOn) {
    case "never":
      return false;
    case "denied":
      return denied.length > 0;
    case "change":
      return denied.length + allowed.length > 0;
    case "not-judged":
      return denied.length + notJudged.length > 0;
  }
}
