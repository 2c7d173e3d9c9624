import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, outputOption } from "./options.ts";

export function registerDoctor(program: Command, { io, finish }: Context): void {
  program
    .command("doctor")
    .summary("what this machine can and cannot do")
    .description(
      "Check what a sandbox needs of this machine, with the mend for what is missing. Exit code 0 when a sandbox can " +
        "start, 3 when not. Asking about manifests (`can -f`) works on every machine.",
    )
    .addHelpText("before", examples("portcullis doctor", "portcullis doctor -o json"))
    .addOption(outputOption("text", "json"))
    .action(async ({ output }: { output: string }) => {
      const [{ doctor }, { printChecks }] = await Promise.all([
        import("@portcullis/sandbox"),
        import("../world/print-checks.ts"),
      ]);
      finish(printChecks(await doctor(), output, io));
    });
}
