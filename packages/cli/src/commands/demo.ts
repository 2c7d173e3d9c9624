import type { Command } from "commander";
import type { Context } from "./context.ts";
import { examples, sandboxOption } from "./options.ts";

interface Options {
  readonly name: string;
  readonly pause: boolean;
  readonly keep?: boolean;
}

/** Long enough to take in that a step is over; reading is for scrolling back. */
const pauseMs = 1000;

export function registerDemo(program: Command, { io, finish }: Context): void {
  program
    .command("demo")
    .summary("the network policy tutorial, on this machine's kernel")
    .description(
      "Run the whole beginner's tutorial on network policies in a sandbox: every outcome is predicted by the engine and " +
        "then tried with real packets. Exit code 1 if any prediction is not confirmed.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis demo",
        "portcullis demo --no-pause | less",
        "portcullis demo --keep              # then look around from another terminal",
      ),
    )
    .addOption(sandboxOption("demo"))
    .option("--no-pause", "do not wait a moment after each step (there is no wait off a terminal)")
    .option("--keep", "leave the sandbox up at the end, until Ctrl-C")
    .action(async (options: Options) => {
      const startedAt = performance.now();
      const [{ demo, introduce }, { selfName }, { withSandbox, untilEnd }] = await Promise.all([
        import("../demo/demo.ts"),
        import("../io/self-name.ts"),
        import("../world/with-sandbox.ts"),
      ]);
      introduce(io);
      const code = await withSandbox({ name: options.name }, io, async (sandbox, signal) => {
        const result = await demo(sandbox, {
          io,
          signal,
          pauseMs: options.pause && io.terminal ? pauseMs : 0,
          now: () => performance.now(),
          startedAt,
          self: selfName(io.env),
        });
        if (options.keep) {
          io.err(`\nsandbox ${options.name} stays up; Ctrl-C stops it\n`);
          await untilEnd(sandbox, signal);
        }
        return result;
      });
      finish(code);
    });
}
