import path from "node:path";

/**
 * The command line in a process's argv. kubectl runs `kubectl-portcullis WORDS` for `kubectl portcullis WORDS`, and asks
 * `kubectl_complete-portcullis WORDS` what can stand in the place of the last one.
 */
export function ownArguments([, script = "", ...words]: readonly string[]): readonly string[] {
  return path.basename(script).startsWith("kubectl_complete-") ? ["complete", "--", ...words] : words;
}
