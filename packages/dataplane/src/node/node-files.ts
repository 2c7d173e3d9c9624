import { readdir, readFile } from "node:fs/promises";

/** The kernel's files below /proc and /sys, as they are in the node's network namespace. */
export interface NodeFiles {
  /** Undefined when there is no such file, or it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names in a directory; none when there is no such directory. */
  list(path: string): Promise<readonly string[]>;
}

/** Those of this process. */
export const ownFiles: NodeFiles = {
  read: (path) => readFile(path, "utf8").catch(() => undefined),
  list: (path) => readdir(path).catch(() => []),
};
