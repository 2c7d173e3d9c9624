import { type Command, Option } from "commander";
import { parseDuration } from "../agent/duration.ts";
import type { StatusOptions } from "../status/status-question.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addLiveOptions } from "./world-options.ts";

export function registerStatus(program: Command, { io, finish }: Context): void {
  const command = program
    .command("status")
    .summary("which policies are in force on the nodes, and since when")
    .description(
      "Show for every policy on how many nodes its present version is in force, of those that run pods which it selects; " +
        "since when, and why not. One POLICY is shown node by node. The agents of Portcullis say so; see " +
        "docs/agent/in-force.md.\n\n" +
        "With --wait the command ends when the policies are in force as they are now, wherever they have to be, and " +
        "deleted ones are no more.\n\n" +
        "Exit code 0 when all is in force, 1 when something is not, 2 when there is no such policy, 3 when the cluster " +
        "cannot be reached or does not permit it.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis status --context prod",
        "portcullis status shop/web --context prod",
        "kubectl apply -f policies/ && portcullis status --wait && ./smoke-test.sh",
        "portcullis status --wait --timeout 2m shop/web -o json",
      ),
    )
    .argument("[policy...]", "NAME or NAMESPACE/NAME")
    .option("-n, --namespace <name>", "only policies of this namespace, and that of names without one")
    .option("-A, --all-namespaces", "all namespaces (the default)")
    .option("--wait", "end when they are in force")
    .addOption(
      new Option("--timeout <time>", "with --wait: give up after this")
        .argParser(parseDuration)
        .default(parseDuration("60s"), "60s"),
    )
    .option("--agent-namespace <name>", "where the agents are (default: looked for in all namespaces)")
    .option("--exit-zero", "exit code 0 when something is not in force too")
    .addOption(outputOption("table", "wide", "json", "yaml", "name", "csv"));
  addLiveOptions(command).action(async (names: readonly string[], options: Omit<StatusOptions, "names">) => {
    const { runStatus } = await import("../status/run-status.ts");
    finish(await runStatus({ ...options, names }, io));
  });
}
