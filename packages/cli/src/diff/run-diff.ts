import { connectionDiff } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { type FocusOptions, focusOf } from "./focus.ts";
import { printDiff } from "./print-diff.ts";
import { liveName, readShared, readSide, type Side } from "./read-side.ts";
import { twoClusters } from "./two-clusters.ts";

export interface DiffCommandOptions extends WorldOptions, FocusOptions {
  readonly output: string;
  readonly pods?: boolean;
  readonly exitZero?: boolean;
  readonly detailedExitcode?: boolean;
}

/** Both sides and what they share; told is what was wrong with any of them. */
export async function readSides(
  first: string,
  second: string | undefined,
  options: WorldOptions,
  io: Io,
): Promise<{ readonly a: Side; readonly b: Side; readonly shared: Side }> {
  const other = secondName(second, options);
  const { filename } = options;
  const shared =
    filename === undefined
      ? { name: "-f", objects: [], code: exitCode.ok }
      : await readShared(filename, options, io);
  const a = await readSide(first, options, io);
  const b = await readSide(other, options, io);
  return { a, b, shared };
}

/** Options that say which cluster stand for B as well. */
function secondName(second: string | undefined, options: WorldOptions): string {
  if (second !== undefined) return second;
  const { cluster, context, kubeconfig, name, within } = options;
  if (cluster === true || [context, kubeconfig, name, within].some((option) => option !== undefined))
    return liveName;
  throw new CliError(
    exitCode.usage,
    "what to compare with is missing",
    "Name B, or --cluster, --context or --name for what runs.",
  );
}

/** Exit code: 0 without a difference, 1 with one, 2 when something had to be left out because of an error. */
export async function runDiff(
  first: string,
  second: string | undefined,
  options: DiffCommandOptions,
  io: Io,
): Promise<number> {
  const { a, b, shared } = await readSides(first, second, options, io);
  const { before, after } = twoClusters(a, b, shared.objects, io);
  const progress = commandProgress(io, options);
  const diff = connectionDiff(before, after, {
    ...focusOf(options, before, after),
    byPod: options.pods === true,
    onProgress: (at, of) => progress.show(`comparing destination ${at} of ${of}`),
  });
  progress.end();
  const same = diff.changes.length + diff.added.length + diff.removed.length === 0;
  await printDiff(diff, options.output, io);
  if (same) io.err("no difference\n");
  const broken = [a, b, shared].some(({ code }) => code !== exitCode.ok);
  if (broken) return exitCode.usage;
  return same || options.exitZero === true ? exitCode.ok : exitCode.finding;
}
