import { AgentRuns, cleanUp } from "@portcullis/agent";
import { NftProcess } from "@portcullis/nft";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

export interface CleanUpCommandOptions {
  readonly stateDir: string;
  readonly force: boolean;
}

/** Removes what agents left on this node, and says what that was; gives the exit code. */
export async function cleanUpCommand({ stateDir, force }: CleanUpCommandOptions, io: Io): Promise<number> {
  const nft = new NftProcess();
  try {
    const { removed } = await cleanUp({ nft, stateDirectory: stateDir, force });
    for (const what of removed) io.out(`${what} removed\n`);
    if (removed.length === 0) io.out("nothing to remove\n");
    return exitCode.ok;
  } catch (error) {
    throw toldAs(error);
  } finally {
    await nft.close();
  }
}

function toldAs(error: unknown): unknown {
  if (error instanceof AgentRuns)
    return new CliError(
      exitCode.unavailable,
      error.message,
      "Stop it first; or use --force, and it writes everything again when it looks next.",
    );
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === "NftError" || name === "NftUnavailable") {
    const refused = /Operation not permitted|Permission denied/.test(message);
    const mend = refused ? "Run it as root, in the node's network namespace." : undefined;
    return new CliError(exitCode.unavailable, message, mend);
  }
  return code === undefined ? error : new CliError(exitCode.unavailable, message);
}
