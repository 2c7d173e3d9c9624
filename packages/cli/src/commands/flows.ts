import { type Command, InvalidArgumentError, Option } from "commander";
import type { FlowsCommandOptions } from "../flows/run-flows.ts";
import type { Context } from "./context.ts";
import { collect, examples, outputOption, sandboxOption } from "./options.ts";

export function registerFlows(program: Command, { io, finish }: Context): void {
  program
    .command("flows")
    .summary("who connects to whom, and which policy denies it")
    .description(
      "Show what a node agent saw in the last ten minutes: packets that were denied, by which policies and for want of " +
        "what, connections that staged policies would deny, and connections that were allowed, when they are recorded.\n\n" +
        "Without --agent it is the agent of the running sandbox. That of a node answers on the node's own loopback only, or " +
        "through `kubectl port-forward`.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis flows                                          # of the sandbox that runs",
        "portcullis flows --follow --verdict denied -n shop",
        "portcullis flows -o json > flows.jsonl                    # for replay and suggest",
        "kubectl -n portcullis port-forward pod/portcullis-x7k2p 9753 &\n" +
          "  portcullis flows --agent http://127.0.0.1:9753 --follow -o json >> flows.jsonl",
      ),
    )
    .addOption(
      new Option("--agent <url>", "the API of an agent; may be repeated").argParser((text, earlier) =>
        collect(agentUrl(text), earlier as readonly string[] | undefined),
      ),
    )
    .addOption(sandboxOption())
    .option("--follow", "from now on, as it happens, until Ctrl-C")
    .option("-n, --namespace <name>", "only flows with a pod of this namespace; may be repeated", collect)
    .option("--pod <namespace/name>", "only flows of this pod; may be repeated", collect)
    .option("--policy <namespace/name>", "only what this policy denied, or would; may be repeated", collect)
    .addOption(
      new Option("--verdict <verdict>", "only allowed, denied or would-be-denied; may be repeated").argParser(
        (text, earlier) => collect(verdict(text), earlier as readonly string[] | undefined),
      ),
    )
    .addOption(outputOption("text", "wide", "json", "csv"))
    .action(async (options: FlowsCommandOptions) => {
      const { runFlows } = await import("../flows/run-flows.ts");
      finish(await runFlows(options, io));
    });
}

function agentUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.origin;
  throw new InvalidArgumentError("Use the URL of an agent's API: http://127.0.0.1:9753.");
}

function verdict(text: string): string {
  if (["allowed", "denied", "would-be-denied"].includes(text)) return text;
  throw new InvalidArgumentError("Allowed choices are allowed, denied, would-be-denied.");
}
