import { type WorkloadExplanation, workloadJson, workloadMarkdown, workloadText } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { type Progress, printingProgress } from "../io/progress.ts";
import { printChunks } from "../list/print-chunks.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";

/** Prints explanations one by one, as they are made. JSON and YAML are a list unless there is but one. */
export async function printExplanations(
  explanations: Iterable<WorkloadExplanation>,
  {
    output,
    list,
    quiet = false,
  }: { readonly output: string; readonly list: boolean; readonly quiet?: boolean },
  io: Io,
): Promise<void> {
  // On the screen itself, what is printed shows how far it is.
  const progress = printingProgress(io, { quiet: quiet || !list });
  try {
    // One workload may be several explanations: its pods need not be alike.
    const known = list ? counted(explanations, progress) : [...explanations];
    await printChunks(chunks(known, output, list || (known as readonly unknown[]).length > 1, io), io);
  } finally {
    progress.end();
  }
}

function* counted(
  explanations: Iterable<WorkloadExplanation>,
  progress: Progress,
): Iterable<WorkloadExplanation> {
  let count = 0;
  for (const each of explanations) {
    progress.show(`${++count} workloads explained`);
    yield each;
  }
}

function* chunks(
  explanations: Iterable<WorkloadExplanation>,
  output: string,
  list: boolean,
  io: Io,
): Iterable<string> {
  const style = reportStyle(io.outColors);
  const isJson = output === "json";
  let first = true;
  if (isJson && list) yield "[";
  for (const each of explanations) {
    const between = first ? "" : "\n";
    if (isJson)
      yield list
        ? `${first ? "" : ","}\n${indented(each)}`
        : `${JSON.stringify(workloadJson(each), null, 2)}\n`;
    else if (output === "yaml") yield formatYaml(list ? [workloadJson(each)] : workloadJson(each));
    else yield between + (output === "md" ? workloadMarkdown(each) : workloadText(each, style));
    first = false;
  }
  if (isJson && list) yield first ? "]\n" : "\n]\n";
  if (output === "yaml" && first) yield "[]\n";
}

const indented = (each: WorkloadExplanation): string =>
  JSON.stringify(workloadJson(each), null, 2).replace(/^/gm, "  ");
