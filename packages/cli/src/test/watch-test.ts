import { stat } from "node:fs/promises";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { Changes } from "../watch/changes.ts";
import type { TestOptions } from "./run-test.ts";

/** Tests now and after each save, until `signal` aborts. What cannot be read is told, and the next save tries again. */
export async function watchTest(
  { files, filename = [], recursive = false }: TestOptions,
  io: Io,
  signal: AbortSignal,
  test: () => Promise<number>,
): Promise<number> {
  const names = [...new Set([...files, ...filename])];
  if (names.length === 0 || names.includes("-"))
    throw new CliError(
      exitCode.usage,
      "--watch follows files and directories: name some, and not standard input",
    );
  const changes = new Changes(await Promise.all(names.map(describe)), recursive);
  try {
    await tryTest(io, test);
    io.err("watching for changes\n");
    while (await changes.next(signal)) await tryTest(io, test);
  } finally {
    changes.close();
  }
  throw signal.reason;
}

async function tryTest(io: Io, test: () => Promise<number>): Promise<void> {
  try {
    await test();
  } catch (error) {
    // A file can be gone for a moment while an editor saves it.
    if (!(error instanceof CliError)) throw error;
    io.err(`${error.message}\n`);
  }
}

async function describe(path: string): Promise<{ path: string; isDirectory: boolean }> {
  const found = await stat(path).catch(() => {
    throw new CliError(exitCode.usage, `${path}: no such file or directory`);
  });
  return { path, isDirectory: found.isDirectory() };
}
