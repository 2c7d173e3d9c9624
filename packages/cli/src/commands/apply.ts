import type { Command } from "commander";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, filesOption, recursiveOption, sandboxOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name: string;
}

export function registerApply(program: Command, { io, finish }: Context): void {
  program
    .command("apply")
    .summary("create or change objects in the sandbox")
    .description(
      "Bring objects of the running sandbox in line with manifests. Objects with an error are reported and left out " +
        "(exit code 2); all others are applied, and in force when the command ends.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis apply -f examples/tutorial/default-deny.yaml",
        "portcullis apply -f policies/ -R",
        "kustomize build . | portcullis apply -f -",
      ),
    )
    .addOption(filesOption("manifest, directory of manifests, or - for standard input; may be repeated"))
    .addOption(recursiveOption())
    .addOption(sandboxOption())
    .action(async (options: Options) => {
      if (options.filename === undefined)
        throw new CliError(exitCode.usage, "nothing to apply: give -f FILE");
      const [{ attachSandbox }, { applyFiles }, { waitEnforced }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../resources/apply-files.ts"),
        import("../world/wait-enforced.ts"),
      ]);
      const sandbox = await attachSandbox(options.name);
      const { code, objects } = await applyFiles(
        sandbox.client,
        options.filename,
        options.recursive === true,
        io,
      );
      await waitEnforced(sandbox, objects, io);
      finish(code);
    });
}
