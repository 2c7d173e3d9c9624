import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What became of a file. */
export interface Replaced {
  readonly changed: boolean;
  /** Where the former content is. */
  readonly backup?: string;
}

/**
 * Changes a file whole or not at all, under the lock that kubectl takes (FILE.lock), and keeps what it was beside it. A
 * new file can be read by this user only; a symbolic link goes on to lead to the file.
 * @throws CliError when somebody else holds the lock.
 */
export function replaceFile(file: string, change: (text: string | undefined) => string): Replaced {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o750 });
  const target = existsSync(file) ? realpathSync(file) : file;
  return locked(target, () => {
    const before = existsSync(target) ? readFileSync(target, "utf8") : undefined;
    const after = change(before);
    if (after === before) return { changed: false };
    const mode = before === undefined ? 0o600 : statSync(target).mode & 0o777;
    if (before === undefined) {
      write(target, after, mode);
      return { changed: true };
    }
    const backup = `${target}.before-portcullis`;
    write(backup, before, mode);
    write(target, after, mode);
    return { changed: true, backup };
  });
}

function write(file: string, text: string, mode: number): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}

function locked<T>(file: string, work: () => T): T {
  const lock = `${file}.lock`;
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const mend = `remove ${lock} if nothing is writing to the file`;
    throw new CliError(exitCode.unavailable, `${file} is locked`, mend);
  }
  try {
    return work();
  } finally {
    unlinkSync(lock);
  }
}
