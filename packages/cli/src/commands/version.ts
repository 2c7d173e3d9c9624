import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import { version } from "../version.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";

export function registerVersion(program: Command, { io, finish }: Context): void {
  program
    .command("version")
    .summary("print the version")
    .description("Print the version of Portcullis and of what it runs on.")
    .addHelpText("before", examples("portcullis version", "portcullis version -o json"))
    .addOption(outputOption("text", "json"))
    .action((options: { output: string }) => {
      const facts = {
        portcullis: version(),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
      };
      if (options.output === "json") io.out(`${JSON.stringify(facts, null, 2)}\n`);
      else io.out(`portcullis ${facts.portcullis} (Node.js ${facts.node}, ${facts.platform})\n`);
      finish(exitCode.ok);
    });
}
