import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, namespaceOption, outputOption, sandboxOption } from "./options.ts";

interface Options {
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly output: string;
  readonly name: string;
}

export function registerGet(program: Command, { io, finish }: Context): void {
  program
    .command("get")
    .summary("show what runs in the sandbox")
    .description("Show objects of the running sandbox, as kubectl would.")
    .addHelpText(
      "before",
      examples(
        "portcullis get all",
        "portcullis get pods -A -o wide",
        "portcullis get networkpolicy default-deny -o yaml",
      ),
    )
    .argument("[type]", "all, pods, services, networkpolicies, namespaces or nodes", "all")
    .argument("[names...]", "only the objects with these names")
    .addOption(namespaceOption())
    .option("-A, --all-namespaces", "of all namespaces")
    .addOption(outputOption("table", "wide", "json", "yaml", "name"))
    .addOption(sandboxOption())
    .action(async (type: string, names: readonly string[], options: Options) => {
      const [{ attachSandbox }, { showResources }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../resources/show-resources.ts"),
      ]);
      const { client } = await attachSandbox(options.name);
      await showResources(client, { type, names, ...options }, io);
      finish(exitCode.ok);
    });
}
