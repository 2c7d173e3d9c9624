import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CliError } from "./cli-error.ts";
import { exitCode } from "./exit-code.ts";

/**
 * Runs a program on our own terminal and gives its exit code, 128 + N when signal N ended it. `env` is its environment,
 * ours by default.
 */
export async function passThrough(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const [program, ...args] = argv;
  // The terminal's Ctrl-C reaches the child too; it decides what that means, and we wait for it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  process.on("SIGQUIT", ignore);
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(program!, args, { stdio: "inherit", env });
      const forward = (signal: NodeJS.Signals) => child.kill(signal);
      process.on("SIGTERM", forward).on("SIGHUP", forward);
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        process.off("SIGTERM", forward).off("SIGHUP", forward);
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } catch (error) {
    throw new CliError(exitCode.unavailable, `${program}: ${(error as Error).message}`);
  } finally {
    process.off("SIGINT", ignore);
    process.off("SIGQUIT", ignore);
  }
}
