import { existsSync, realpathSync } from "node:fs";
import { parse } from "yaml";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { mergeKubeconfig } from "./merge-kubeconfig.ts";
import { type Replaced, replaceFile } from "./replace-file.ts";
import { usersKubeconfig } from "./users-kubeconfig.ts";

/**
 * Adds the context of a sandbox to the user's own kubeconfig and says what was done.
 * @param kubeconfig The sandbox's file, whose content is `text`.
 * @throws CliError when the user's file cannot take it.
 */
export function mergeIntoUsers(kubeconfig: string, text: string, io: Io): void {
  const file = usersKubeconfig(io.env);
  if (existsSync(file) && realpathSync(file) === realpathSync(kubeconfig)) {
    const mend = "unset KUBECONFIG to merge into ~/.kube/config";
    throw new CliError(exitCode.usage, `$KUBECONFIG is the sandbox's own file: ${file}`, mend);
  }
  const { changed, backup } = merge(file, text);
  const { "current-context": context } = parse(text) as { "current-context": string };
  io.err(changed ? `context ${context} is in ${file}\n` : `context ${context} was in ${file} already\n`);
  if (backup !== undefined) io.err(`what it was before is in ${backup}\n`);
  io.err(`use it with: kubectl --context ${context} get pods\n`);
}

function merge(file: string, text: string): Replaced {
  try {
    return replaceFile(file, (theirs) => {
      const merged = mergeKubeconfig(theirs, text);
      if ("text" in merged) return merged.text;
      throw new CliError(exitCode.usage, `cannot merge into ${file}: ${merged.refused}`);
    });
  } catch (error) {
    if (error instanceof CliError || !(error instanceof Error && "syscall" in error)) throw error;
    const mend = "set KUBECONFIG to a file that you may write to";
    throw new CliError(exitCode.unavailable, `cannot merge into ${file}: ${error.message}`, mend);
  }
}
