import { type Command, Option } from "commander";
import type { LintCommandOptions } from "../lint/run-lint.ts";
import type { Context } from "./context.ts";
import { examples } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerLint(program: Command, { io, finish }: Context): void {
  const command = program
    .command("lint")
    .summary("what is odd about policies: dead, redundant, misspelt, wide open")
    .description(
      "Look for policies that do not do what they seem to: selectors that find nothing, rules that others cover, AND " +
        "written as OR, egress without DNS, ports of Services in place of the pods', and more (--list-rules).\n\n" +
        "Exit code 1 when something is found at or above --fail-on, 2 when something cannot be read.\n\n" +
        "portcullis.yaml, the nearest one above the first file, sets severities (lint.rules), paths to leave out " +
        "(lint.exclude) and what the manifests do not say (lint.namespaces, podCidrs, serviceCidrs). A comment " +
        "`# portcullis: ignore CODE -- reason` is for its line, or for the next one when it stands alone.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis lint -f manifests/ -R",
        "portcullis lint -f manifests/ -o sarif > lint.sarif",
        "portcullis lint -f manifests/ --fail-on=warning -o github",
        "portcullis lint -f manifests/ --fix --dry-run",
        "portcullis lint --list-rules",
      ),
    )
    .option("--rule <code>", "only this rule; may be repeated", collect)
    .option("--list-rules", "print every rule with its severity, and look at nothing")
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 when something is found at or above this")
        .choices(["error", "warning", "info", "never"])
        .default("error"),
    )
    .option("--exit-zero", "exit with 0 whatever is found")
    .option("--config <file>", "settings, instead of the nearest portcullis.yaml")
    .option("--fix", "mend what can be mended without changing what the policies mean, and show the changes")
    .option("--unsafe-fixes", "with --fix: proposals that change the meaning too")
    .option("--dry-run", "with --fix: print the changes as a patch, and write nothing")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["text", "json", "yaml", "sarif", "github"])
        .default("text"),
    );
  addWorldOptions(command).action(async (options: LintCommandOptions) => {
    const { runLint } = await import("../lint/run-lint.ts");
    finish(await runLint(options, io));
  });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
