import type { Command } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { WorldOptions } from "../world/world-options.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

interface Options extends WorldOptions {
  readonly namespace: string;
  readonly all?: boolean;
  readonly pods?: boolean;
  readonly output: string;
}

export function registerExplain(program: Command, { io, finish }: Context): void {
  const command = program
    .command("explain")
    .summary("all that policies mean for a workload")
    .description(
      "Say what selects a workload in each direction, what may reach it and what it may reach and by which rule, what is " +
        "denied and by whose policies, what its port names mean, and where the Services that lead to it end.\n\n" +
        "WORKLOAD is NAME, NAMESPACE/NAME, NAMESPACE/KIND/NAME or NAMESPACE/[SELECTOR]. Pods of one workload that " +
        "policies treat differently are explained one after the other. With --all every workload is, as fast as it is read.\n\n" +
        "Exit code 2 when something had to be left out because of an error, else 0.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis explain web/frontend -f manifests/",
        "portcullis explain api/deploy/orders -f manifests/ -o json",
        "portcullis explain --all -f manifests/ -o md > policies.md",
      ),
    )
    .argument("[workload...]", "what to explain")
    .option("--all", "every workload of the cluster")
    .option("--pods", "pod by pod")
    .addOption(namespaceOption())
    .addOption(outputOption("text", "json", "yaml", "md"));
  addWorldOptions(command).action(async (workloads: readonly string[], options: Options) => {
    const { all = false, pods = false, namespace, output } = options;
    if (all === workloads.length > 0) {
      throw new CliError(
        exitCode.usage,
        "name what to explain, or write --all",
        "For example: portcullis explain web/frontend -f .",
      );
    }
    const [{ loadWorld }, { parsePeer }, { explanationsOf }, { printExplanations }] = await Promise.all([
      import("../world/load-world.ts"),
      import("../input/peer.ts"),
      import("../explain/explanations-of.ts"),
      import("../explain/print-explanations.ts"),
    ]);
    const peers = workloads.map((text) => parsePeer(text, namespace));
    const { cluster, code } = await loadWorld(options, io);
    await printExplanations(
      explanationsOf(cluster, peers, pods),
      { output, list: all || workloads.length > 1, quiet: options.quiet === true },
      io,
    );
    finish(code);
  });
}
