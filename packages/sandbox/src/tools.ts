import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

// An ordinary user's PATH often lacks these, where distributions put nft, ip and nginx.
const systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/** Where programs are looked for: PATH, then the system's own directories. */
export function defaultSearchPath(): string {
  const own = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  return [...new Set([...own, ...systemDirectories])].join(delimiter);
}

/** Full path of a program; undefined when no directory of `searchPath` has it. */
export function findTool(name: string, searchPath: string = defaultSearchPath()): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
