import { chmodSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";

/** Replaces a file's content whole or not at all; its mode stays, and a symbolic link goes on to lead to it. */
export function writeFileWhole(file: string, text: string): void {
  const target = realpathSync(file);
  const temporary = `${target}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, statSync(target).mode & 0o777);
  renameSync(temporary, target);
}
