import {
  type AnyPodsAnswer,
  containsForAnyPods,
  differenceForPods,
  equalForAnyPods,
  type NetworkPolicy,
  type Pod,
} from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress, type Progress } from "../io/progress.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { type FocusOptions, focusOf } from "./focus.ts";
import { printComparison } from "./print-comparison.ts";
import type { Side } from "./read-side.ts";
import { readSides } from "./run-diff.ts";
import { twoClustersOfAllPods } from "./two-clusters.ts";

export interface CompareOptions extends WorldOptions, FocusOptions {
  readonly output: string;
  readonly anyPods?: boolean;
  readonly limit?: number;
}

export type Question = "equal" | "contains";

/** Exit code: 0 when it holds, 1 when not, 2 when it could not be told or an object had to be left out. */
export async function runCompare(
  question: Question,
  first: string,
  second: string | undefined,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const { a, b, shared } = await readSides(first, second, options, io);
  const objects = [...shared.objects, ...a.objects, ...b.objects];
  const pods = new Set(objects.flatMap((each) => (each.kind === "Pod" ? [podName(each)] : []))).size;
  if (pods === 0 && options.anyPods !== true)
    io.err("no pods were given: the answer is for any pods in any namespaces\n");
  const anyPods = options.anyPods === true || pods === 0;
  if (anyPods && (options.focus ?? options.namespace ?? options.port ?? options.direction) !== undefined)
    throw new CliError(
      exitCode.usage,
      "--focus, -n, --direction and --port narrow the pods given, and the question is about any pods",
    );
  const progress = commandProgress(io, options);
  const answer = anyPods
    ? forAnyPods(question, a, b, shared, options.limit, progress)
    : forGivenPods(question, a, b, shared, options, progress);
  progress.end();
  printComparison(
    { question, names: [a.name, b.name], pods: anyPods ? "any" : pods, answer },
    options.output,
    io,
  );
  if ([a, b, shared].some(({ code }) => code !== exitCode.ok)) return exitCode.usage;
  if (answer.holds === "unknown") return exitCode.usage;
  return answer.holds ? exitCode.ok : exitCode.finding;
}

function forAnyPods(
  question: Question,
  a: Side,
  b: Side,
  shared: Side,
  limit: number | undefined,
  progress: Progress,
): AnyPodsAnswer {
  const ask = question === "equal" ? equalForAnyPods : containsForAnyPods;
  return ask(policiesOf(shared, a), policiesOf(shared, b), limit, (steps) =>
    progress.show(`searching: ${steps.toLocaleString("en")} steps`),
  );
}

/** Of policies of one name the last counts, and is none when it is staged. */
function policiesOf(...sides: readonly Side[]): readonly NetworkPolicy[] {
  const policies = sides.flatMap(({ objects }) =>
    objects.flatMap((object) => (object.kind === "NetworkPolicy" ? [object] : [])),
  );
  const byName = new Map(policies.map((each) => [`${each.namespace}/${each.name}`, each]));
  return [...byName.values()].filter(({ staged }) => staged !== true);
}

function forGivenPods(
  question: Question,
  a: Side,
  b: Side,
  shared: Side,
  options: FocusOptions,
  progress: Progress,
): AnyPodsAnswer {
  const { before, after } = twoClustersOfAllPods(a, b, shared.objects);
  const example = differenceForPods(before, after, {
    ...focusOf(options, before, after),
    onlyExcess: question === "contains",
    onProgress: (at, of) => progress.show(`comparing destination ${at} of ${of}`),
  });
  return example === undefined ? { holds: true } : { holds: false, example };
}

const podName = ({ namespace, name, workload }: Pod): string =>
  `${namespace}/${workload?.kind ?? ""}/${name}`;
