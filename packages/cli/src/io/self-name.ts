import { existsSync, realpathSync } from "node:fs";
import path from "node:path";

/**
 * How to call this program from the current directory, so that the commands it prints can be copied: by name when the
 * PATH leads here, through npx in a checkout, else by its path.
 */
export function selfName(
  env: Readonly<Record<string, string | undefined>>,
  script = process.argv[1],
): string {
  if (script === undefined) return "portcullis";
  const own = realpath(script);
  const called = (env.PATH ?? "")
    .split(path.delimiter)
    // npm puts node_modules/.bin on the PATH of its scripts, not on that of the shell they are called from.
    .filter((directory) => !directory.endsWith(path.join("node_modules", ".bin")))
    .map((directory) => path.join(directory, "portcullis"));
  if (called.some((candidate) => realpath(candidate) === own)) return "portcullis";
  if (realpath(path.join("node_modules", ".bin", "portcullis")) === own) return "npx portcullis";
  return `node ${path.relative("", own ?? script)}`;
}

function realpath(file: string): string | undefined {
  return existsSync(file) ? realpathSync(file) : undefined;
}
