import { type Command, Option } from "commander";
import type { ListCommandOptions } from "../list/run-list.ts";
import type { Context } from "./context.ts";
import { examples } from "./options.ts";
import { addSelectionOptions } from "./selection-options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerList(program: Command, { io, finish }: Context): void {
  const command = program
    .command("list")
    .alias("reach")
    .summary("every connection that the policies allow")
    .description(
      "List every allowed connection between workloads, and between workloads and addresses outside, at all ports. " +
        "Pods of a workload are one unless policies tell them apart.\n\n" +
        "In the text, `anyone` is every other workload and the whole outside, `every workload` is without the " +
        "outside; -o wide has a line for each connection. That a pod reaches itself, and a node its own pods, is not " +
        "listed. All formats describe the same connections, in the same order.\n\n" +
        "Exit code 2 when something had to be left out because of an error, else 0.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis list -f manifests/",
        "portcullis list -f manifests/ --focus shop/web --direction ingress",
        "portcullis list -f manifests/ --port tcp/5432 --denied",
        "portcullis list -f manifests/ --peer outside -o csv",
        "portcullis list -f manifests/ -o html > reach.html",
        "portcullis list -f manifests/ --summary",
      ),
    )
    .option("--denied", "what is not allowed, in place of what is")
    .option("--summary", "figures in place of the list: pods, isolation, allowed pairs")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["text", "wide", "json", "yaml", "csv", "md", "dot", "mermaid", "svg", "html"])
        .default("text"),
    );
  addWorldOptions(addSelectionOptions(command)).action(async (options: ListCommandOptions) => {
    const { runList } = await import("../list/run-list.ts");
    finish(await runList(options, io));
  });
}
