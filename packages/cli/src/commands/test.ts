import { type Command, Option } from "commander";
import type { TestOptions } from "../test/run-test.ts";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerTest(program: Command, { io, finish }: Context): void {
  const command = program
    .command("test")
    .summary("are the connections that you promise allowed, and the others denied")
    .description(
      "Judge assertions: YAML files of kind Assertions that say which connections must be allowed or denied. FILE is such " +
        "a file, or a directory; without FILE the assertions that lie among the manifests of -f are meant. Nothing has " +
        "to run: the policies are judged as `portcullis can` does, for all pods and ports at once.\n\n" +
        "With --live the same connections are tried with packets in a running sandbox, and both must agree with the " +
        "assertion. --init writes the assertions that record what is allowed and denied today.\n\n" +
        "Exit code 0 when all hold, 1 when one does not, 2 when something cannot be read, 3 when there is no sandbox.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis test -f manifests/",
        "portcullis test assertions.yaml -f manifests/ -R",
        "portcullis test assertions.yaml -f manifests/ -o junit > report.xml",
        "portcullis test --init assertions.yaml -f manifests/",
        "portcullis test assertions.yaml --live",
        "portcullis test -f manifests/ --watch",
      ),
    )
    .argument("[file...]", "assertions, or directories that hold some")
    .option("--live", "try them with packets in the running sandbox too")
    .option("--init", "write the assertions that hold today, to FILE or else to standard output")
    .addOption(new Option("--force", "with --init: replace FILE if it is there"))
    .option("--fail-fast", "stop at the first object with an error, and at the first assertion that fails")
    .option("--exit-zero", "exit code 0 when assertions fail too")
    .option("--watch", "after each save of a file that was read, test again")
    .addOption(outputOption("text", "json", "junit", "sarif", "tap", "github"));
  addWorldOptions(command).action(async (files: readonly string[], options: Omit<TestOptions, "files">) => {
    const { runTest } = await import("../test/run-test.ts");
    finish(await runTest({ ...options, files }, io));
  });
}
