import { type Command, Option } from "commander";
import { aggregateLengths } from "../flows/aggregate.ts";
import type { SuggestCommandOptions } from "../flows/run-suggest.ts";
import type { Context } from "./context.ts";
import { collect, examples, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerSuggest(program: Command, { io, finish }: Context): void {
  const command = program
    .command("suggest")
    .summary("the smallest policies that keep recorded flows")
    .description(
      "Write a policy for each workload that took part in recorded flows, which allows what passed and nothing else: no " +
        "rule, peer or port can be taken away without one of the flows being denied. Comments say what each part keeps.\n\n" +
        "FLOWS are files of flow records, one JSON object a line: what `portcullis flows -o json` prints, or an agent's " +
        "log; - is standard input. Pods and their labels come from manifests, a cluster or a sandbox. A recording tells " +
        "what happened while it ran: read the policies before they are applied, and try them with --mode staged.\n\n" +
        "Exit code 2 when something cannot be read.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis suggest flows.jsonl -f manifests/ -R > policies.yaml",
        "portcullis suggest flows.jsonl --context prod -n shop --mode staged | kubectl apply -f -",
        "portcullis flows -o json | portcullis suggest -            # of the sandbox that runs",
        "portcullis suggest flows.jsonl -f . --workload Deployment/web --direction ingress",
        "portcullis suggest flows.jsonl -f . --beside existing      # only what is missing",
        "portcullis suggest flows.jsonl -f draft/ --only-denied    # what a draft would break",
        "portcullis suggest flows.jsonl -f . --aggregate 24,64      # of addresses outside",
      ),
    )
    .argument("<flows...>", "files of flow records")
    .option(
      "-n, --namespace <name>",
      "policies for workloads of this namespace only; may be repeated",
      collect,
    )
    .option("--workload <name>", "only for [NAMESPACE/]KIND/NAME; may be repeated", collect)
    .addOption(
      new Option("--direction <side>", "which side gets isolated")
        .choices(["ingress", "egress", "both"])
        .default("both"),
    )
    .addOption(
      new Option(
        "--aggregate <bits>",
        "for an address outside the prefix of this length, of IPv4 or IPv4,IPv6 (default: the address alone)",
      ).argParser(aggregateLengths),
    )
    .addOption(
      new Option("--beside <what>", "leave out what policies in force allow already").choices(["existing"]),
    )
    .option(
      "--only-denied",
      "only what policies in force deny, and where they do: nothing that they leave open gets isolated",
    )
    .option("--no-icmp", "do not keep flows without a port, which takes rules for every port")
    .addOption(
      new Option("--mode <mode>", "staged: mark the policies so that they are reported on, and not enforced")
        .choices(["enforced", "staged"])
        .default("enforced"),
    )
    .addOption(outputOption("yaml", "json"));
  addWorldOptions(command).action(async (files: string[], options: SuggestCommandOptions) => {
    const { runSuggest } = await import("../flows/run-suggest.ts");
    finish(await runSuggest(files, options, io));
  });
}
