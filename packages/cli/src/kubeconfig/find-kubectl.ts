import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/**
 * The first kubectl on the PATH.
 * @throws CliError when there is none.
 */
export function findKubectl(env: Readonly<Record<string, string | undefined>>): string {
  const candidates = (env.PATH ?? "")
    .split(path.delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => path.join(directory, "kubectl"));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new CliError(
    exitCode.unavailable,
    "there is no kubectl on the PATH",
    "install it (https://kubernetes.io/docs/tasks/tools/), or use portcullis get, apply, delete and exec",
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
