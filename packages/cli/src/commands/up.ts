import { closeSync, openSync } from "node:fs";
import type { Command } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, filesOption, recursiveOption, sandboxOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name: string;
  readonly standIn?: boolean;
  readonly watch?: boolean;
  readonly auditLog?: string;
}

export function registerUp(program: Command, { io, finish }: Context): void {
  program
    .command("up")
    .summary("start a sandbox, and stay until Ctrl-C")
    .description(
      "Start a sandbox: a cluster of one node on this machine's kernel, without root. It lives as long as this command; " +
        "Ctrl-C or `portcullis down` stops it and leaves nothing behind.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis up",
        "portcullis up -f examples/tutorial/frontend.yaml",
        "portcullis up -f manifests/ -R --name review",
        "portcullis up -f policies/ --watch",
      ),
    )
    .addOption(filesOption("apply these manifests first; may be repeated"))
    .addOption(recursiveOption())
    .addOption(sandboxOption())
    .option(
      "--watch",
      "with -f: after each save, apply what changed, delete what was taken out, and print what that opened and closed",
    )
    .option("--stand-in", "run a server that answers with the pod's name for every image that is not known")
    .option(
      "--audit-log <file>",
      "add a line to this file for each request to the API: who, what, and what came of it",
    )
    .action(async (options: Options) => {
      if (options.watch && options.filename === undefined)
        throw new CliError(exitCode.usage, "--watch needs -f: which files to follow");
      const [{ withSandbox }, { runUp }] = await Promise.all([
        import("../world/with-sandbox.ts"),
        import("../world/run-up.ts"),
      ]);
      const { name, standIn = false, auditLog } = options;
      if (auditLog !== undefined) requireWritable(auditLog);
      const sandbox = { name, standIn, dns: true, ...(auditLog === undefined ? {} : { auditLog }) };
      finish(await withSandbox(sandbox, io, (started, signal) => runUp(started, signal, { io, ...options })));
    });
}

function requireWritable(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new CliError(exitCode.usage, `cannot write to ${file}: ${(error as Error).message}`);
  }
}
