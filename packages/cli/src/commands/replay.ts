import { type Command, Option } from "commander";
import type { ReplayCommandOptions } from "../flows/run-replay.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerReplay(program: Command, { io, finish }: Context): void {
  const command = program
    .command("replay")
    .summary("what recorded flows would meet under other policies")
    .description(
      "Judge flows that were recorded in a cluster by the policies of manifests, or of a cluster as it is now: which of " +
        "those that passed would be denied, by which policy and for want of what, and which that were denied would pass.\n\n" +
        "FLOWS are files of flow records, one JSON object a line: what `portcullis flows -o json` prints, or an agent's " +
        "log; - is standard input. Pods are found by namespace and name, those that are gone by their workload, and " +
        "what was no pod by its address. What cannot be judged is said, and counted.\n\n" +
        "Exit code 1 when a flow that passed would be denied (--fail-on), 2 when something cannot be read.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis replay flows.jsonl -f manifests/ -R           # before a change is applied",
        "portcullis replay flows.jsonl --context prod             # what has changed since",
        "portcullis flows -o json | portcullis replay - -f new/   # of the sandbox that runs",
        "portcullis replay *.jsonl -f manifests/ -R --staged      # as if staged policies were in force",
        "portcullis replay flows.jsonl -f manifests/ -o md        # for a pull request",
      ),
    )
    .argument("<flows...>", "files of flow records")
    .addOption(
      new Option("--fail-on <what>", "exit with 1 when this is found; not-judged: this or denied")
        .choices(["denied", "change", "not-judged", "never"])
        .default("denied"),
    )
    .addOption(outputOption("text", "json", "yaml", "csv", "md"));
  addWorldOptions(command).action(async (files: string[], options: ReplayCommandOptions) => {
    const { runReplay } = await import("../flows/run-replay.ts");
    finish(await runReplay(files, options, io));
  });
}
