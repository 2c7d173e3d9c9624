import type { Command } from "commander";
import { exitCode } from "../io/exit-code.ts";
import type { Context } from "./context.ts";
import { examples, sandboxOption } from "./options.ts";

export function registerDown(program: Command, { io, finish }: Context): void {
  program
    .command("down")
    .summary("stop a sandbox")
    .description("Stop a sandbox that runs in another terminal, with everything in it.")
    .addHelpText("before", examples("portcullis down", "portcullis down --name review"))
    .addOption(sandboxOption())
    .action(async ({ name }: { name: string }) => {
      const { attachSandbox } = await import("@portcullis/sandbox");
      const sandbox = await attachSandbox(name);
      await sandbox.stop();
      io.err(`sandbox ${name} stopped\n`);
      finish(exitCode.ok);
    });
}
