import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, filesOption, recursiveOption, sandboxOption } from "./options.ts";

interface Options {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name: string;
  readonly standIn?: boolean;
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
      ),
    )
    .addOption(filesOption("apply these manifests first; may be repeated"))
    .addOption(recursiveOption())
    .addOption(sandboxOption())
    .option("--stand-in", "run a server that answers with the pod's name for every image that is not known")
    .action(async (options: Options) => {
      const [{ withSandbox }, { runUp }] = await Promise.all([
        import("../world/with-sandbox.ts"),
        import("../world/run-up.ts"),
      ]);
      finish(
        await withSandbox({ name: options.name, standIn: options.standIn === true }, io, (sandbox, signal) =>
          runUp(sandbox, signal, { io, ...options }),
        ),
      );
    });
}
