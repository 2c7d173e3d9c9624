import type { Command } from "commander";
import type { DiffCommandOptions } from "../diff/run-diff.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addFocusOptions, addSidesOptions } from "./sides-options.ts";

export function registerDiff(program: Command, { io, finish }: Context): void {
  const command = program
    .command("diff")
    .summary("what a change of policies opens and closes, and which policy is responsible")
    .description(
      "Compare who may reach whom in two states, A before and B after: what becomes allowed (+), what becomes denied (-), " +
        "at which ports, and which policy is responsible. Workloads that are in one state only are told apart.\n\n" +
        "A and B are files, directories, - for standard input, REV:PATH of the git repository around this directory, or " +
        "@cluster for what runs (--cluster, --context and --name say which; B may then be left out). -f names what both sides share, the workloads say. " +
        "A side without any pods gets those of the other one.\n\n" +
        "Exit code 0 without a difference, 1 with one, 2 for wrong usage or when an object had to be left out.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis diff main:policies policies/                 # what does this branch change?",
        "portcullis diff old/ new/ -f workloads.yaml -o md       # a comment for a pull request",
        "portcullis diff policies/ --cluster                     # what is live against what is written",
        "portcullis diff v1.0:k8s k8s -R --focus shop/deploy/web # of one workload",
      ),
    )
    .argument("<a>", "the state before")
    .argument("[b]", "the state after")
    .option("--pods", "every pod for itself, not by workload")
    .addOption(outputOption("text", "wide", "json", "yaml", "md", "csv", "dot", "svg", "html"))
    .option("--exit-zero", "exit code 0 with differences too")
    .option("--detailed-exitcode", "accepted for the habit: exit code 1 tells differences anyway");
  addFocusOptions(command, "changes");
  addSidesOptions(command).action(async (a: string, b: string | undefined, options: DiffCommandOptions) => {
    const { runDiff } = await import("../diff/run-diff.ts");
    finish(await runDiff(a, b, options, io));
  });
}
